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
