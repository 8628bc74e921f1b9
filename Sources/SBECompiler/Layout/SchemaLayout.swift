/// A schema with everything resolved: what the decoder, the description and the emitter stand on. Names are
/// as written in the schema; nothing here knows Swift.
package struct SchemaLayout: Hashable, Sendable {
    /// The attribute `package` as written, nil where it is missing.
    package var package: String?
    package var id: Int
    package var version: Int
    package var semanticVersion: String?
    package var description: String?
    package var byteOrder: ByteOrder
    package var header: HeaderLayout
    /// In the order of the schema; names and template ids are unique.
    package var messages: [MessageLayout]
    /// All enums, in the order of the schema, inline ones where their composite stands.
    package var enums: [EnumLayout]
    /// All sets, in the order of the schema, inline ones where their composite stands.
    package var sets: [SetLayout]
    /// All composites, each behind the ones that it contains. Those that only say how a header, dimensions or
    /// data are encoded are among them.
    package var composites: [CompositeLayout]
    /// All named simple types, in the order of the schema. Their values appear resolved in fields; this list
    /// is for descriptions.
    package var encodings: [EncodingLayout]

    /// How the dimensions of groups that only newer versions know are encoded: as `groupSizeEncoding` says,
    /// else as the first group's are.
    package var defaultDimension: DimensionLayout?
    /// How the length of data that only newer versions know is encoded: as that of the first data.
    package var defaultData: DataLayout?

    /// The message of this template id.
    package func message(id: Int) -> MessageLayout? { messages.first { $0.id == id } }

    /// The message of this name.
    package func message(named name: String) -> MessageLayout? { messages.first { $0.name == name } }
}

/// The message header, in front of every message's root block.
package struct HeaderLayout: Hashable, Sendable {
    /// All members, also those that mean nothing to decoding.
    package var composite: CompositeLayout
    package var blockLength: WireIntegerLayout
    package var templateId: WireIntegerLayout
    package var schemaId: WireIntegerLayout
    package var version: WireIntegerLayout
    /// Number of groups of the message, where the schema has the member.
    package var numGroups: WireIntegerLayout?
    /// Number of data fields of the message, where the schema has the member.
    package var numVarDataFields: WireIntegerLayout?

    /// Octets on the wire.
    package var size: Int { composite.size }
}

/// A message: its template id, and what stands behind the message header.
package struct MessageLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The message's template id.
    package var id: Int
    package var block: BlockLayout
    /// The version of the schema that added the message.
    package var sinceVersion: Int
    package var annotations: Annotations
}

/// What a message and a group entry have in common: a block of fixed length, then groups, then data.
package struct BlockLayout: Hashable, Sendable {
    /// Octets of the block: the declared length, or the sum of the fields.
    package var blockLength: Int
    /// In the order of the schema, constants among them.
    package var fields: [FieldLayout]
    /// In the order of the schema, which is the order on the wire.
    package var groups: [GroupLayout]
    /// In the order of the schema, behind all groups.
    package var data: [DataLayout]
}

/// A field of a message or group entry, or a member of a composite: both are a value at an offset.
package struct FieldLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The field's id; members of composites have none.
    package var id: Int?
    /// Octets from the begin of the block (or of the composite) that the field stands in.
    package var offset: Int
    /// What the field's own presence and its type's make together; the field's wins.
    package var presence: Presence
    package var value: ValueLayout
    /// The constant, exactly where `presence` is `.constant`, unless it is a composite's.
    package var constant: ConstantLayout?
    /// The field is absent from messages of lower versions: the highest of the field's own and its type's.
    package var sinceVersion: Int
    package var annotations: Annotations

    /// Octets on the wire: none for a constant.
    package var size: Int { presence == .constant ? 0 : value.size }

    /// Offset behind the field's last octet.
    package var end: Int { offset + size }
}

/// A repeating group: its dimensions, then as many entries as they say.
package struct GroupLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    package var id: Int
    package var dimension: DimensionLayout
    /// The layout of one entry.
    package var block: BlockLayout
    /// The group is absent from messages of lower versions. The version of its dimension type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
}

/// What stands before the entries of a group: the length of an entry's block and the number of entries.
package struct DimensionLayout: Hashable, Sendable {
    /// All members, also those that mean nothing to decoding.
    package var composite: CompositeLayout
    package var blockLength: WireIntegerLayout
    package var numInGroup: WireIntegerLayout
    /// Number of groups nested in each entry, where the schema has the member.
    package var numGroups: WireIntegerLayout?
    /// Number of data fields in each entry, where the schema has the member.
    package var numVarDataFields: WireIntegerLayout?

    /// Octets on the wire.
    package var size: Int { composite.size }
}

/// Data of variable length: the number of octets, immediately followed by the octets.
package struct DataLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    package var id: Int
    /// The name of the composite that says how the length is encoded.
    package var typeName: TypeName
    package var length: WireIntegerLayout
    /// Octets from the begin of the length's composite to the first octet of data.
    package var dataOffset: Int
    /// `char` or `uint8`: what the schema says the octets are.
    package var primitive: PrimitiveType
    /// The character encoding as written, nil where the octets are no text.
    package var characterEncoding: String?
    /// The data is absent from messages of lower versions. The version of its type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
}

/// An unsigned integer that governs decoding: a member of the message header, of a group's dimensions, or the
/// length of data.
package struct WireIntegerLayout: Hashable, Sendable {
    /// The name of the member of the composite.
    package var name: String
    /// Octets from the begin of the composite.
    package var offset: Int
    /// `uint8` to `uint64`. A signed `numInGroup`, which the reference lets pass, appears as the unsigned
    /// type of its width, with a maximum that keeps the sign out.
    package var primitive: PrimitiveType
    /// The lowest value that the schema allows: the declared one, else 0.
    package var minimum: UInt64
    /// The highest value that the schema allows: the declared one, else all that the octets can hold. Why:
    /// the standard's limits of counts are 255 and 65,535 (the reference stops one earlier, and never writes
    /// more). Of lengths it is one less, for these may not hold the null value.
    package var maximum: UInt64
    /// The value, where the schema makes the member a constant that is not on the wire.
    package var constant: UInt64?

    /// Octets on the wire.
    package var size: Int { constant == nil ? primitive.size : 0 }
}

extension WireIntegerLayout {
    /// Offset behind the last octet.
    var end: Int { offset + size }
}

extension FieldLayout {
    /// Offset behind the last octet that messages of this version have of the field; the begin of its block
    /// where they have none of it.
    package func end(inVersion version: Int) -> Int {
        guard sinceVersion <= version, presence != .constant else { return 0 }
        guard case .composite(let composite) = value else { return end }
        let last = composite.members.map { $0.end(inVersion: version) }.max() ?? 0
        return last == 0 ? 0 : offset + last
    }
}

extension BlockLayout {
    /// Octets that the block of a received message of this version must have: all of it, or, in older
    /// messages, those up to the last field that the version has. How long the block was beyond, only the
    /// older schema knows.
    package func requiredLength(inVersion version: Int, of schema: SchemaLayout) -> Int {
        version >= schema.version ? blockLength : fields.map { $0.end(inVersion: version) }.max() ?? 0
    }

    /// Octets of the block in a message of this version that is to be written: all of it unless fields are
    /// newer, else up to the last field that the version has.
    package func length(inVersion version: Int, of schema: SchemaLayout) -> Int {
        let isWhole = fields.allSatisfy { $0.isWhole(inVersion: version) }
        return isWhole ? blockLength : requiredLength(inVersion: version, of: schema)
    }
}

extension FieldLayout {
    /// Whether messages of this version have the field with all its members.
    fileprivate func isWhole(inVersion version: Int) -> Bool {
        guard sinceVersion <= version else { return false }
        guard case .composite(let composite) = value else { return true }
        return composite.members.allSatisfy { $0.isWhole(inVersion: version) }
    }
}
