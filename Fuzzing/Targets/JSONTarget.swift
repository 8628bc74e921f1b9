import SBECompiler

/// JSON as `zcsbe encode` reads it: a value or an error, in bounded time; the value's text means the same;
/// and as the tree of a message it becomes octets that decode again, or is refused with a reason.
struct JSONTarget: FuzzTarget {
    let name = "json"
    let words = [
        "null", "true", #"{"bits": "7fc00000"}"#, #""\ud83d\ude00""#, #"\u0000"#, "1e999", "-0", "[[[[[[[[",
        "}}}}}}}}", #""header": {"version": 9}"#, #""hex""#, #""text""#, #""enum""#, #""raw""#,
        "18446744073709551615", #""message""#,
    ].map { Array($0.utf8) }
    private let layout: SchemaLayout?

    init() {
        let source = SchemaSource { _ in Array(Self.schema.utf8) }
        layout = SchemaCompiler(source: source).compile("fuzz.xml").layout
    }

    private static let schema = """
        <messageSchema id="7" version="2"><types>
        <composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>
        <type name="version" primitiveType="uint16"/></composite>
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint8"/>
        <type name="numInGroup" primitiveType="uint8"/></composite>
        <composite name="text"><type name="length" primitiveType="uint8"/>
        <type name="varData" primitiveType="char" length="0" characterEncoding="UTF-8"/></composite>
        <enum name="side" encodingType="char"><validValue name="buy">B</validValue></enum>
        </types>
        <message name="m" id="1"><field name="a" id="1" type="uint64" presence="optional"/>
        <field name="f" id="2" type="float" presence="optional"/>
        <field name="s" id="3" type="side" presence="optional"/>
        <group name="g" id="4"><field name="x" id="1" type="int8"/></group>
        <data name="t" id="5" type="text"/></message>
        </messageSchema>
        """

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let entries = (0..<random.below(3)).map { "{\"x\": \($0)}" }.joined(separator: ", ")
        let side = random.oneIn(2) ? "{\"enum\": \"buy\", \"raw\": 66}" : "null"
        return Array(
            """
            {"message": "m", "header": {"version": \(random.below(4))}, \
            "fields": {"a": "\(random.below(99))", \
            "f": {"value": "0.5", "bits": "3f000000"}, "s": \(side), "g": [\(entries)], \
            "t": {"hex": "6869", "text": "hi"}}}
            """.utf8)
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let layout else { throw Broken("a good schema") }
        let tree: JSONValue
        do {
            tree = try JSONParser.parse(input)
        } catch {
            return "text, " + outline(error.expected)
        }
        try expect(try JSONParser.parse(Array(tree.text.utf8)) == tree, "the same value from its own text")
        let written: EncodedMessage
        do {
            written = try DynamicEncoder(layout, bytesMax: 100_000).message(tree)
        } catch {
            return "tree, " + outline(error.description)
        }
        let decoded = try DynamicDecoder(layout).decode(written.bytes)
        try expect(decoded.consumed == written.bytes.count, "a whole message")
        try expect(try DynamicEncoder(layout).encode(decoded.json) == written.bytes, "the same octets again")
        return "message \(written.newerVersion != nil)"
    }
}
