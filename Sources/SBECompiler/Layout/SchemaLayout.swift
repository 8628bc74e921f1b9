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
