import Testing

@testable import SBECompiler

struct DynamicEncoderTests {
    private func encode(_ text: String, version: Int? = nil) throws -> [UInt8] {
        try DynamicEncoder(RandomMessageTests.layout(.littleEndian)).encode(
            JSONParser.parse(Array(text.utf8)))
    }

    private static let least = """
        {"message": "Everything", "fields": {"i8": -1, "i16": 2, "i32": 3, "i64": 4, "f64": 0.5, "level": 0,
        "name": "Ada", "latin": "é", "triple": [1, "-0.0", {"bits": "7f800000"}], "key": [1, 2, 3, 4, 5, 6, 7,
        8, 9, 10, 11, 12, 13, 14, 15, 16], "wide": "much", "flags8": ["high"], "flags64":
        "9223372036854775808", "mixed": {"tiny": 1, "side": "Sell", "Inline": 8, "Inner": {"first": 1, "second":
        2}, "price":
        {"mantissa": null}}}}
        """

    /// What is optional may be left out, and simple forms are taken for the long ones.
    @Test func simpleFormsAreTaken() throws {
        let bytes = try encode(Self.least)
        let fields = try DynamicDecoder(RandomMessageTests.layout(.littleEndian)).decode(bytes).fields
        #expect(fields["u8"] == .null && fields["pair"] == .array([.null, .null]) && fields["f32"] == .null)
        #expect(fields["name"]?["text"] == .string("Ada") && fields["latin"]?["hex"] == .string("e900000000"))
        #expect(fields["wide"]?["enum"] == .string("much") && fields["side"]?["enum"] == .null)
        #expect(fields["flags8"]?["raw"] == .number("128"))
        #expect(fields["flags64"]?["set"] == .array([.string("high")]))
        #expect(fields["price"] == .members(["mantissa": .null, "exponent": .number("-3")]))
        #expect(fields["marks"] == .array([]))
    }

    @Test func paddingIsZero() throws {
        let bytes = try encode(Self.least)
        #expect(bytes[1] == 0)
        #expect(bytes[20 + 43..<20 + 64].allSatisfy { $0 == 0 })
        #expect(bytes[20 + 181..<20 + 256].allSatisfy { $0 == 0 })
    }

    /// Replacements in the tree, and words of the error.
    static let refused: [(String, String, String)] = [
        ("\"i8\": -1", "\"i8\": -129", "i8: expected a number of -128...127, got -129"),
        ("\"i8\": -1", "\"i8\": 1.5", "i8: expected a number"),
        ("\"i8\": -1", "\"i8\": null", "i8: expected a value, got null"),
        ("\"i8\": -1, ", "", "i8: expected a value"),
        ("\"i8\": -1", "\"i8\": -1, \"i9\": 1", "message: expected members of the schema, got \"i9\""),
        ("\"Ada\"", "\"Ada Lovelace\"", "name: expected at most 9 octets of text, got 12"),
        ("\"Ada\"", "\"Ad€\"", "name: expected characters of US-ASCII"),
        ("\"Ada\"", "{\"hex\": \"a\"}", "name: expected pairs"),
        ("\"é\"", "\"€\"", "latin: expected characters of ISO-8859-1"),
        ("[1, \"-0.0\"", "[\"-0.0\"", "triple: expected an array of 3, got an array of 2"),
        ("\"-0.0\"", "{\"bits\": \"7f8\"}", "triple[1]: expected 8 hexadecimal digits"),
        ("\"much\"", "\"more\"", "wide: expected a value of enum Wide, got \"more\""),
        ("\"much\"", "{\"enum\": \"?\"}", "wide: expected an object with enum or raw"),
        ("\"much\"", "{\"enum\": \"much\", \"raw\": \"1\"}", "wide: expected raw 18446744073709551613"),
        ("[\"high\"]", "[\"highest\"]", "flags8: expected choices of set Flags8, got \"highest\""),
        ("[\"high\"]", "256", "flags8: expected a number of 0...255"),
        ("\"tiny\": 1", "\"tiny\": 1, \"huge\": 2", "mixed: expected members of Mixed, got \"huge\""),
        ("\"first\": 1, ", "", "mixed.Inner.first: expected a value"),
        ("\"message\": \"Everything\"", "\"message\": \"Nobody\"", "message of the schema"),
        ("\"message\": \"Everything\"", "\"templateId\": 4", "template id"),
        ("\"fields\"", "\"templateId\": 3, \"fields\"", "templateId: expected 70000, got 3"),
        ("\"fields\"", "\"header\": {\"schemaId\": 6}, \"fields\"", "header.schemaId: expected 77, got 6"),
        ("\"fields\"", "\"header\": {\"blockLength\": 255}, \"fields\"", "header.blockLength: expected"),
        ("\"fields\"", "\"header\": {\"version\": 0}, \"fields\"", "mixed: expected nothing in version 0"),
        (
            "\"fields\": {", "\"fields\": {\"legs\": [{\"ratio\": 1, \"tail\": 0}],",
            "legs[0].fees: expected a number of entries"
        ),
        ("\"fields\": {", "\"fields\": {\"legs\": 1,", "legs: expected an array of entries"),
    ]

    @Test(arguments: refused)
    func refuses(_ old: String, _ new: String, _ words: String) throws {
        let text = Self.least.replacing(old, with: new)
        #expect(text != Self.least)
        let error = #expect(throws: MessageError.self) { try encode(text) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func longDataIsRefused() throws {
        let long = String(repeating: "a", count: 301)
        let error = #expect(throws: MessageError.self) {
            try encode(Self.least.replacing("\"fields\": {", with: "\"fields\": {\"text\": \"\(long)\","))
        }
        #expect(error == .outOfRange(path: "text", what: "length", expected: 0...300, got: 301))
    }

    @Test func largeMessagesAreRefused() throws {
        let layout = try Repository.layout(
            text: Repository.schema("", #"<message name="m" id="1" blockLength="60000"/>"#))
        let tree = JSONValue.members(["message": .string("m"), "fields": .object([])])
        #expect(throws: MessageError.tooLarge(path: "message", what: "bytes", limit: 60_007)) {
            try DynamicEncoder(layout, bytesMax: 60_007).encode(tree)
        }
        #expect(try DynamicEncoder(layout, bytesMax: 60_008).encode(tree).count == 60_008)
    }
}
