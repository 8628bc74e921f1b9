import Testing

@testable import SBECompiler

struct CharacterEncodingTests {
    @Test(arguments: [
        ("US-ASCII", "az", [0x61, 0x7a] as [UInt8]), ("ascii", "~", [0x7e]),
        ("UTF-8", "é€", [0xc3, 0xa9, 0xe2, 0x82, 0xac]),
        ("ISO-8859-1", "é", [0xe9]), ("windows-1252", "€", [0x80]),
        ("GB18030", "中文", [0xd6, 0xd0, 0xce, 0xc4]),
        ("UTF-16LE", "é", [0xe9, 0]),
    ])
    func turnsTextIntoOctetsAndBack(_ name: String, _ text: String, _ octets: [UInt8]) throws {
        let encoding = try #require(CharacterEncoding(name))
        #expect(encoding.bytes(of: text) == octets)
        #expect(encoding.text(of: octets) == text)
        #expect(encoding.text(upToNUL: octets + [0, 0, 0x41, 0x41]) == text)
    }

    @Test func showsWhatIsNoText() throws {
        #expect(CharacterEncoding("KLINGON") == nil)
        let ascii = try #require(CharacterEncoding(nil))
        #expect(ascii.text(of: [0x41, 0x80]) == "A\u{FFFD}")
        #expect(ascii.bytes(of: "é") == nil)
        #expect(CharacterEncoding("UTF-8")?.text(of: [0xff]) == "\u{FFFD}")
        #expect(CharacterEncoding("GB18030")?.text(of: [0x41, 0xff]) == "A\u{FFFD}")
    }
}
