import Testing

@testable import SBECompiler

struct SchemaDescriptionTests {
    @Test func saysOffsetsAndSizes() throws {
        let text = SchemaDescription(try Repository.layout("Vectors/trade/trade.xml")).text
        #expect(text.contains("Message Trade, template id 1, block 21 bytes, whole message 29 bytes\n"))
        #expect(text.contains("\n  9       8     price     3   double  required\n"))
        #expect(text.contains("\n  17      4     quantity  4   uint32  required\n"))
    }

    @Test func saysEverything() throws {
        let text = SchemaDescription(try Repository.layout("Fixtures/everything.sbe.xml")).text
        for words in [
            "Schema fixture.everything, id 77, version 3, littleEndian", "Header head, 20 bytes",
            "= \"hello there\"",
            "= nano", "= 'x'", "mixed.Inner.second", "-5...5", "deprecated in version 3",
            "Group fees, id 43, dimensions 4 bytes (smallSize, 1...5 entries), entry 12 bytes",
            "Data last, id 62, length uint8 (0...254), octets without a character encoding, since version 3",
            "Mixed.Inline  uint16  only = bit 3", "Buy = 'B'",
        ] { #expect(text.contains(words), "\(words)") }
        #expect(!text.contains(" \n"))
    }

    @Test(arguments: VectorCase.all)
    func describesEverySchema(_ vector: VectorCase) throws {
        let layout = try Repository.layout(vector.schema)
        let text = SchemaDescription(layout).text
        #expect(layout.messages.allSatisfy { text.contains("Message \($0.name), template id \($0.id)") })
    }
}
