import Testing
import ZCNet

@testable import ZCNetWebSocket

@Suite struct JSONValueTests {
    @Test func whatItReads() throws {
        let value = try JSONValue(
            parsing: #" {"a":[1,-2.5e3,true,null,"x\n\u00e9\ud83d\ude00"],"b":{},"c":18446744073709551616} "#)
        #expect(value["a"]?[0] == 1 && value["a"]?[1]?.number == -2500 && value["a"]?[2]?.boolean == true)
        #expect(value["a"]?[3] == .null && value["a"]?[4]?.string == "x\né😀")
        #expect(value["b"] == [:] && value["c"]?.number == 18_446_744_073_709_551_616)
        #expect(
            value["a"]?[5] == nil && value["d"] == nil && value["a"]?["x"] == nil && value["b"]?[0] == nil)
        #expect(try JSONValue(parsing: value.text) == value)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "-", "1e999", "nul",
        "nan",
        "truefalse", "1 2", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"", "\"", "'a'", "[1 2]", "{\"a\" 1}",
        "{\"a\":1,\"a\":2}", String(repeating: "[", count: 17) + String(repeating: "]", count: 17),
    ])
    func whatItRefuses(text: String) {
        let error = #expect(throws: HTTPError.self) { try JSONValue(parsing: text) }
        #expect(error?.status == 400)
    }

    /// Cut at every byte, a text is none; and whatever is put in place of a byte, nothing breaks.
    @Test func cutAndChangedAtEveryByte() throws {
        let text = Array(#"{"a":[1.5e2,true,{"b":null}],"c":"\u0041"}"#.utf8)
        _ = try JSONValue(parsing: text.span.rawBytes)
        for end in text.indices {
            let cut = Array(text[..<end])
            #expect(throws: HTTPError.self) { try JSONValue(parsing: cut.span.rawBytes) }
            for byte in [0, 0x22, 0x5B, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] as [UInt8] {
                var changed = text
                changed[end] = byte
                _ = try? JSONValue(parsing: changed.span.rawBytes)
            }
        }
    }

    @Test func whatItWrites() {
        let value: JSONValue = ["b": [1, 2.5, true, nil], "a": "\"\\\u{1}/é"]
        #expect(value.text == #"{"a":"\"\\\u0001/é","b":[1,2.5,true,null]}"#)
        #expect(JSONValue.number(.infinity).text == "null")
        let response = HTTPResponse(status: 201, json: ["id": 7])
        #expect(response.headers["Content-Type"] == "application/json")
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"id":7}"#)
    }
}
