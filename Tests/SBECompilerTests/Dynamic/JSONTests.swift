import Testing

@testable import SBECompiler

struct JSONTests {
    private static let sample =
        #"{"a": [1, -2.5e+3, "x\u00e9\ud83d\ude00\n\"", null, true, false, {}, []], "b": {"c": 0}}"#

    private func parse(_ text: String) throws(JSONError) -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    @Test func keepsOrderAndDigits() throws {
        let value = try parse(Self.sample)
        #expect(
            value
                == .members([
                    "a": .array([
                        .number("1"), .number("-2.5e+3"), .string("xé😀\n\""), .null, .boolean(true),
                        .boolean(false),
                        .object([]), .array([]),
                    ]), "b": .members(["c": .number("0")]),
                ]))
        #expect(try parse(value.text) == value)
        #expect(try parse("\u{feff} 18446744073709551615 ") == .number("18446744073709551615"))
    }

    @Test func refusesEveryProperPrefix() {
        for count in 0..<Self.sample.utf8.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(Self.sample.utf8.prefix(count))) }
        }
    }

    @Test(arguments: [
        "", "[1,]", "{,}", "{\"a\":}", "{\"a\" 1}", "{a: 1}", "01", "-", "1.", "1e", "+1", "nul", "[1 2]",
        "1 2",
        "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "\"", "'a'",
    ])
    func refuses(_ text: String) { #expect(throws: JSONError.self) { try parse(text) } }

    @Test func saysWhereAndWhat() {
        #expect(throws: JSONError(line: 3, expected: "',' or ']'", got: "'2'")) { try parse("[\n1\n2]") }
    }

    @Test func depthIsBounded() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try parse(deep) }
        _ = try parse(String(repeating: "[", count: 200) + String(repeating: "]", count: 200))
    }

    @Test func survivesBentText() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.octet() }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            #expect(throws: Never.self) { try JSONParser.parse(Array(value.text.utf8)) }
        }
    }

    @Test func controlCharactersAreEscaped() throws {
        let value = JSONValue.string("\u{0}\u{1f}\u{7f}\t\\")
        #expect(value.text == #""\u0000\u001f\u007f\t\\""#)
        #expect(try parse(value.text) == value)
    }
}
