import Testing

@testable import SBECompiler

/// Random messages of a schema with one of everything, in both byte orders and all versions.
struct RandomMessageTests {
    static func layout(_ byteOrder: ByteOrder) throws -> SchemaLayout {
        let text = String(decoding: Repository.bytes("Fixtures/everything.sbe.xml"), as: UTF8.self)
        return try Repository.layout(
            text: text.replacing("\"littleEndian\"", with: "\"\(byteOrder.rawValue)\""))
    }

    @Test(arguments: [ByteOrder.littleEndian, .bigEndian], [0, 1, 2, 3, 4])
    func comeBackAsTheyWere(_ byteOrder: ByteOrder, _ version: Int) throws {
        let layout = try Self.layout(byteOrder)
        let message = try #require(layout.message(named: "Everything"))
        var messages = RandomMessages(
            layout: layout, version: version, random: SeededRandom(seed: UInt64(version)))
        for _ in 0..<40 {
            let fields = messages.fields(of: message)
            let tree = JSONValue.members([
                "message": .string("Everything"), "header": .members(["version": .integer(version)]),
                "fields": fields,
            ])
            let bytes = try DynamicEncoder(layout).encode(tree)
            let decoded = try DynamicDecoder(layout).decode(bytes)
            #expect(decoded.fields == fields)
            #expect(decoded.consumed == bytes.count)
            #expect(decoded.header["sequence"] == .string("0"))
            #expect(decoded.absent.isEmpty == (version >= 3))
            #expect(try DynamicEncoder(layout).encode(decoded.json) == bytes)
            let cut = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &messages.random)))
            #expect(throws: MessageError.self) { try DynamicDecoder(layout).decode(cut) }
        }
    }

    /// Octets of no meaning: an error or a value, within the bounds.
    @Test func survivesNoise() throws {
        let layout = try Self.layout(.littleEndian)
        let message = try #require(layout.message(named: "Everything"))
        var messages = RandomMessages(layout: layout, version: 3, random: SeededRandom(seed: 99))
        let decoder = DynamicDecoder(layout, valuesMax: 5000)
        for _ in 0..<300 {
            let tree = JSONValue.members([
                "message": .string("Everything"), "fields": messages.fields(of: message),
            ])
            var bytes = try DynamicEncoder(layout).encode(tree)
            for _ in 0..<Int.random(in: 1...8, using: &messages.random) {
                bytes[Int.random(in: 0..<bytes.count, using: &messages.random)] = messages.random.octet()
            }
            guard let decoded = try? decoder.decode(bytes) else { continue }
            #expect(decoded.consumed <= bytes.count)
        }
    }
}
