import SBEVectors
import Testing
import ZCSBE

/// Limits of counts and lengths, on both sides, in a big-endian schema.
@Suite struct LimitTests {
    private typealias Counted = LimitsVectors.Counted

    private func value(
        few: Int = 1, many: Int = 0, huge: Int = 0, brief: Int = 2, tiny: Int = 0, large: Int = 0
    ) -> Counted.Value {
        var value = Counted.Value()
        value.few = Array(repeating: .init(), count: few)
        value.many = Array(repeating: .init(), count: many)
        value.huge = Array(repeating: .init(), count: huge)
        value.brief = SBEOctets(Array(repeating: 65, count: brief))
        value.tiny = SBEOctets(Array(repeating: 66, count: tiny))
        value.large = SBEOctets(Array(repeating: 67, count: large))
        return value
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func encodersRefuseWhatIsBeyond() {
        func refusal(_ value: Counted.Value) -> String { self.refusal { _ = try value.encoded() } }
        #expect(refusal(value(few: 0)) == "few: expected at least 1 entries, got 0")
        #expect(refusal(value(few: 3)) == "none")
        #expect(refusal(value(few: 4)) == "few: expected at most 3 entries, got 4")
        #expect(refusal(value(many: 255)) == "none")
        #expect(refusal(value(many: 256)) == "many: expected at most 255 entries, got 256")
        #expect(refusal(value(brief: 1)) == "brief: expected at least 2 bytes, got 1")
        #expect(refusal(value(brief: 5)) == "none")
        #expect(refusal(value(brief: 6)) == "brief: expected at most 5 bytes, got 6")
        // A length may not hold the null value.
        #expect(refusal(value(tiny: 254)) == "none")
        #expect(refusal(value(tiny: 255)) == "tiny: expected at most 254 bytes, got 255")
        #expect(refusal(value(large: 100_000)) == "none")
        #expect(refusal(value(large: 100_001)) == "large: expected at most 100000 bytes, got 100001")
    }

    @Test func decodersRefuseWhatIsBeyond() throws {
        // Header, few and its entry, many, huge, brief, tiny, large.
        let good = try value().encoded()
        let expected: [UInt8] =
            [0, 0, 0, 1, 0, 33, 0, 1] + [1, 1, 0] + [0, 0] + [0, 0, 0, 0, 0, 0] + [2, 65, 65] + [0]
            + [0, 0, 0, 0]
        #expect(good == expected)
        func refusal(_ place: Int, _ bytes: UInt8...) -> String {
            var message = good
            message.replaceSubrange(place..<place + bytes.count, with: bytes)
            return self.refusal { _ = try Counted.Value(decoding: message.span) }
        }
        #expect(refusal(9, 1) == "none")
        #expect(refusal(9, 0) == "few: expected at least 1 entries, got 0")
        #expect(refusal(9, 4) == "few: expected at most 3 entries, got 4")
        #expect(refusal(8, 0) == "few: expected a block of 1 bytes, got 0")
        #expect(refusal(8, 255) == "few: expected 265 bytes, got 27")
        #expect(refusal(12, 255) == "none")
        #expect(refusal(15, 0x80, 0, 0, 0) == "huge: expected at most 2147483647 entries, got 2147483648")
        #expect(refusal(19, 1) == "brief: expected at least 2 bytes, got 1")
        #expect(refusal(19, 6) == "brief: expected at most 5 bytes, got 6")
        #expect(refusal(22, 254) == "tiny: expected 277 bytes, got 27")
        #expect(refusal(22, 255) == "tiny: expected at most 254 bytes, got 255")
        #expect(refusal(23, 0, 1, 0x86, 0xA1) == "large: expected at most 100000 bytes, got 100001")
        #expect(refusal(23, 0, 1, 0x86, 0xA0) == "large: expected 100027 bytes, got 27")
    }

    @Test func entriesOfConstantsTakeNoBytes() throws {
        let bytes = try value(many: 255).encoded()
        #expect(bytes.count == 27)
        let view = try Counted.decode(bytes.span)
        var letters = 0
        view.many.forEach { if $0.letter == "x" { letters += 1 } }
        #expect(letters == 255 && view.many[254].letter == "x")
    }

    /// In a message of version 0 an entry of `huge` has nothing: few bytes must not make many entries.
    @Test func entriesThatAnOlderVersionHasEmptyAreBounded() throws {
        var bytes = try value().encoded()
        bytes[7] = 0
        bytes.replaceSubrange(15..<19, with: [0x7F, 0xFF, 0xFF, 0xFF])
        let refused = refusal { _ = try Counted.Value(decoding: bytes.span) }
        #expect(refused == "huge: expected at most 65535 entries, got 2147483647")
        bytes.replaceSubrange(15..<19, with: [0, 0, 0xFF, 0xFF])
        let view = try Counted.decode(bytes.span)
        #expect(view.huge.count == 65_535 && 8 + view.encodedLength == bytes.count)
        var entries = view.huge
        #expect(entries.next()?.late.isEmpty == true)
    }
}
