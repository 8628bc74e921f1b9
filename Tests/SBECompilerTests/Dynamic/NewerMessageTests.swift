import Testing

@testable import SBECompiler

/// `decode | encode` of messages of newer versions: what is written says truly which version it is.
struct NewerMessageTests {
    /// The fixture as its next versions might be: longer blocks, and groups and data behind the known ones.
    private static func newer(_ byteOrder: ByteOrder) throws -> SchemaLayout {
        let text = String(decoding: Repository.bytes("Fixtures/everything.sbe.xml"), as: UTF8.self)
        let more: [(String, String)] = [
            ("version=\"3\"\n", "version=\"5\"\n"), ("blockLength=\"256\"", "blockLength=\"300\""),
            (
                "<group name=\"legs\"",
                "<field name=\"added\" id=\"90\" type=\"uint32\" sinceVersion=\"4\"/><group name=\"legs\""
            ),
            (
                "<group name=\"fees\"",
                "<field name=\"weight\" id=\"91\" type=\"double\" sinceVersion=\"5\"/><group name=\"fees\""
            ),
            (
                "<data name=\"note\"",
                "<group name=\"fresh\" id=\"92\" sinceVersion=\"4\"><field name=\"a\" id=\"1\" type=\"Key\"/>"
                    + "<data name=\"b\" id=\"2\" type=\"Text\"/></group><data name=\"note\""
            ),
            (
                "</group>\n        <group name=\"marks\"",
                "<data name=\"rear\" id=\"93\" type=\"Text\" sinceVersion=\"5\"/></group>"
                    + "\n        <group name=\"marks\""
            ),
            (
                "<data name=\"text\"",
                "<group name=\"flags\" id=\"94\" sinceVersion=\"5\">"
                    + "<field name=\"on\" id=\"1\" type=\"Flags8\"/></group><data name=\"text\""
            ),
            (
                "</sbe:message>\n    <sbe:message name=\"Nothing\"",
                "<data name=\"memo\" id=\"95\" type=\"Text\" sinceVersion=\"4\"/></sbe:message>"
                    + "\n    <sbe:message name=\"Nothing\""
            ),
            ("\"littleEndian\"", "\"\(byteOrder.rawValue)\""),
        ]
        var result = text
        for (old, new) in more {
            #expect(result.contains(old), "\(old)")
            result = result.replacing(old, with: new, maxReplacements: 1)
        }
        return try Repository.layout(text: result)
    }

    /// The octets of a tree decoded by a schema, encoded and decoded again: the same values, under a version
    /// that the schema knows.
    private func comesBack(_ bytes: [UInt8], _ layout: SchemaLayout) throws {
        let decoded = try DynamicDecoder(layout).decode(bytes)
        let written = try DynamicEncoder(layout).message(decoded.json)
        let again = try DynamicDecoder(layout).decode(written.bytes)
        #expect(again.fields == decoded.fields && again.absent.isEmpty)
        #expect(again.consumed == written.bytes.count)
        #expect(again.header["version"] == .integer(layout.version))
        // Every prefix is refused, so that nothing stands behind the message that its counts leave out.
        #expect(throws: MessageError.self) { try DynamicDecoder(layout).decode(written.bytes.dropLast()) }
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian], [4, 5])
    func encodeOfDecodeOfANewerMessageIsReadAgain(_ byteOrder: ByteOrder, _ version: Int) throws {
        let newer = try Self.newer(byteOrder)
        let older = try RandomMessageTests.layout(byteOrder)
        let message = try #require(newer.message(named: "Everything"))
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var messages = RandomMessages(layout: newer, version: version, random: SeededRandom(seed: seed))
        for _ in 0..<200 {
            let tree = JSONValue.members([
                "message": .string("Everything"), "header": .members(["version": .integer(version)]),
                "fields": messages.fields(of: message),
            ])
            let bytes = try DynamicEncoder(newer).encode(tree)
            let counts = try DynamicDecoder(older).decode(bytes).header
            #expect(counts["numGroups"] == .integer(version == 4 ? 2 : 3))
            try comesBack(bytes, older)
        }
    }

    /// Each vector, said to be of a newer version: refused with a reason, or read again with the same values.
    @Test(arguments: VectorCase.all)
    func encodeOfANewerTreeIsReadAgain(_ vector: VectorCase) throws {
        let layout = try Repository.layout(vector.schema)
        let decoded = try DynamicDecoder(layout).decode(vector.bytes)
        let version = layout.header.version
        guard version.constant == nil else { return }
        for step in [1, 7, 100] {
            var header = decoded.header.removing([version.name, layout.header.blockLength.name])
            guard case .object(var members) = header else { return }
            members.append(JSONMember(name: version.name, value: .integer(layout.version + step)))
            members.append(JSONMember(name: layout.header.blockLength.name, value: .integer(9999)))
            header = .object(members)
            let tree = JSONValue.members([
                "message": .string(decoded.name), "header": header, "fields": decoded.fields,
            ])
            let written: EncodedMessage
            do {
                written = try DynamicEncoder(layout).message(tree)
            } catch {
                // A tree without what the schema's version must have is no message of it.
                #expect(!decoded.absent.isEmpty && error.description.contains("expected a value, got null"))
                continue
            }
            #expect(written.newerVersion == UInt64(layout.version + step))
            let again = try DynamicDecoder(layout).decode(written.bytes)
            #expect(again.consumed == written.bytes.count)
            #expect(again.header[version.name] == .integer(layout.version))
            // What was absent has its null value now, of an array in each element.
            if decoded.absent.isEmpty { #expect(again.fields == decoded.fields) }
        }
    }

    /// The octets of each vector, with a newer version in the header: what can be decoded can be written.
    @Test(arguments: VectorCase.all)
    func patchedVectorsComeBack(_ vector: VectorCase) throws {
        let layout = try Repository.layout(vector.schema)
        let version = layout.header.version
        guard version.constant == nil, vector.tree["absent"] == .array([]) else { return }
        var bytes = vector.bytes
        let low = version.offset + (layout.byteOrder == .littleEndian ? 0 : version.size - 1)
        bytes[low] = UInt8(clamping: layout.version + 3)
        guard (try? DynamicDecoder(layout).decode(bytes)) != nil else { return }
        try comesBack(bytes, layout)
    }
}
