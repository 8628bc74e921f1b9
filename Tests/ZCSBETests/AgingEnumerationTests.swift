import SBEVectors
import Testing
import ZCSBE

/// Enumerations of which the schema has deprecated values: converted through another protocol than others.
struct AgingEnumerationTests {
    private typealias Side = DeprecatedVectors.Side

    @Test func deprecatedValuesAreConverted() {
        #expect(Side(sbeBits: 1).sbeBits == 1 && Side(sbeBits: 1).sbeName?.description == "old")
        #expect(Side(sbeBits: 2) == .new && Side.new.sbeBits == 2)
        #expect(Side(sbeBits: 255) == .null && Side.null.sbeBits == 255 && Side.null.sbeName == nil)
        #expect(Side(sbeBits: 9) == .unknown(9) && Side.unknown(9).sbeBits == 9)
    }

    /// Equal by the number, and hashed by it, whichever way the value was made.
    @Test func theNumberDecides() {
        #expect(Side.unknown(2) == .new && Side.unknown(2).hashValue == Side.new.hashValue)
        #expect(Side.unknown(9) != .unknown(8) && Side.new != .null)
        #expect(Set([Side.new, .unknown(2), .null, .unknown(255), .unknown(9)]).count == 3)
    }

    @Test func twinsHaveThem() throws {
        var value = DeprecatedVectors.Current.Value()
        value.number = 7
        value.side = Side(sbeBits: 1)
        let bytes = try value.encoded()
        let again = try DeprecatedVectors.Current.Value(decoding: bytes.span)
        #expect(again.number == 7 && again.side == value.side)
        #expect(again.json.contains(#""side": {"enum": "old", "raw": 1}"#))
        let last = try again.encoded()
        value = try DeprecatedVectors.Current.Value(decoding: last.span)
        #expect(again == value && last == bytes)
        value.side = .new
        #expect(again != value)
    }
}
