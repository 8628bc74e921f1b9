/// A message as a tree, from the schema alone.
package struct DynamicMessage: Hashable, Sendable {
    /// The message's name in the schema.
    package var name: String
    package var templateId: Int
    /// The members of the header's composite.
    package var header: JSONValue
    /// Octets from the header to the end of the message, which may be less than were given.
    package var consumed: Int
    /// Paths of the elements that are newer than the message, sorted, each once.
    package var absent: [String]
    /// Fields, groups and data in the order of the schema.
    package var fields: JSONValue

    /// The object that `zcsbe decode` prints.
    package var json: JSONValue {
        .members([
            "message": .string(name), "templateId": .integer(templateId), "header": header,
            "consumed": .integer(consumed), "absent": .array(absent.map(JSONValue.string)), "fields": fields,
        ])
    }
}

/// Decodes messages of a schema into trees, without generated code. The octets are not trusted: every read is
/// checked, no count sizes an allocation, and what entries of no octets can blow up to is bounded.
///
/// ```swift
/// let message = try DynamicDecoder(layout).decode(bytes)
/// print(message.json.text)
/// ```
package struct DynamicDecoder: Sendable {
    /// Why bounded: four octets can announce 65,535 entries that have none.
    package static let defaultValuesMax = 1_000_000

    private let layout: SchemaLayout
    private let valuesMax: Int

    /// A decoder of this schema, for messages of at most so many values.
    package init(_ layout: SchemaLayout, valuesMax: Int = defaultValuesMax) {
        self.layout = layout
        self.valuesMax = valuesMax
    }

    /// Decodes the message that `bytes` begin with. Linear in the octets and the values that come out.
    package func decode(_ bytes: [UInt8]) throws(MessageError) -> DynamicMessage {
        var walk = MessageWalk(layout: layout, bytes: bytes, valuesMax: valuesMax)
        return try walk.message()
    }
}

/// What became of a tree.
package struct EncodedMessage: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The version that the tree named, where it is newer than the schema and the message therefore another.
    package let newerVersion: UInt64?
}

/// Encodes trees of the form that `DynamicDecoder` produces into messages of a schema.
///
/// Of the object, `message` (or `templateId`) and `fields` are needed. `header` may say the version to write,
/// a longer root block, and values of further members; what it leaves out comes from the schema. Padding is
/// zero. A tree of a newer version has what the schema knows of the message: it becomes a message of the
/// schema's version, for under its own version it would lack what that version added.
package struct DynamicEncoder: Sendable {
    /// Larger messages are refused: a schema may declare blocks of 4 GiB.
    package static let defaultBytesMax = 256 << 20

    private let layout: SchemaLayout
    private let bytesMax: Int

    /// An encoder of this schema, for messages of at most so many octets.
    package init(_ layout: SchemaLayout, bytesMax: Int = defaultBytesMax) {
        self.layout = layout
        self.bytesMax = bytesMax
    }

    /// Encodes one message. Linear in the tree and the octets.
    package func encode(_ tree: JSONValue) throws(MessageError) -> [UInt8] { try self.message(tree).bytes }

    /// Encodes one message, and says whether it was newer than the schema. Linear in the tree and the octets.
    package func message(_ tree: JSONValue) throws(MessageError) -> EncodedMessage {
        let message = try self.message(of: tree)
        if let id = tree["templateId"] {
            var values = ValueEncoder(layout: layout, version: layout.version, bytesMax: bytesMax)
            values.path.push("templateId")
            guard try values.integer(id, 8) == UInt64(message.id) else {
                throw .unfit(path: "templateId", expected: "\(message.id)", got: id.kind)
            }
        }
        guard let fields = tree["fields"] else {
            throw .unfit(path: "message", expected: "the member fields", got: "none")
        }
        var encoder = MessageEncoder(layout: layout, bytesMax: bytesMax)
        let bytes = try encoder.encode(message, header: tree["header"] ?? .object([]), fields: fields)
        return EncodedMessage(bytes: bytes, newerVersion: encoder.newerVersion)
    }

    private func message(of tree: JSONValue) throws(MessageError) -> MessageLayout {
        if case .string(let name)? = tree["message"] {
            guard let message = layout.message(named: name) else {
                throw .unfit(
                    path: "message", expected: "the name of a message of the schema", got: "\"\(name)\"")
            }
            return message
        }
        guard let id = tree["templateId"] else {
            throw .unfit(path: "message", expected: "an object with message and fields", got: tree.kind)
        }
        guard case .number(let digits) = id, let number = Int(digits),
            let message = layout.message(id: number)
        else {
            throw .unfit(path: "templateId", expected: "a template id of the schema", got: id.kind)
        }
        return message
    }
}
