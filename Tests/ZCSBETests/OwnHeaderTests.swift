import SBEVectors
import Testing
import ZCSBEServer

@testable import ZCSBE

/// The header that takes the short way through the checks is the one that encoders write; all others take the
/// long one, to the same end.
@Suite struct OwnHeaderTests {
    private func header(_ message: [UInt8]) -> UInt64 {
        unsafe message.span.bytes.unsafeLoadUnaligned(as: UInt64.self)
    }

    @Test func itIsWhatEncodersWrite() throws {
        #expect(try Trade.ownHeader == header(Trade.Value().encoded()))
        // Big-endian.
        var counted = LimitsVectors.Counted.Value()
        counted.few = [.init()]
        counted.brief = SBEOctets([1, 2])
        #expect(try LimitsVectors.Counted.ownHeader == header(counted.encoded()))
    }

    @Test func headersOfAnotherLayoutHaveNone() {
        #expect(CompositeOffsetsVectors.TestMessage1.ownHeader == nil)
        #expect(CountsVectorsV1.Order.ownHeader == nil)
    }

    /// Messages of several versions and lengths in one run of bytes, each found behind the one before it.
    @Test func versionsAndLengthsMix() throws {
        let own = try Trade.Value().encoded()
        var newer = own + [1, 2, 3]
        newer[0] = 24
        newer[6] = 1
        // As long as this version's, and of another version.
        var same = own
        same[6] = 2
        // Of this version, and longer.
        var longer = own + [4]
        longer[0] = 22
        let all = own + newer + own + same + longer + own
        var position = 0
        var seen: [[Int]] = []
        while position < all.count {
            let trade = try Trade.decode(all.span, advancing: &position)
            seen.append([trade.actingVersion, trade.actingBlockLength, position])
        }
        let ends = [own, newer, own, same, longer, own].map(\.count).reduce(into: []) {
            $0.append(($0.last ?? 0) + $1)
        }
        #expect(seen.map { $0[0] } == [0, 1, 0, 2, 0, 0])
        #expect(seen.map { $0[1] } == [21, 24, 21, 21, 22, 21])
        #expect(seen.map { $0[2] } == ends)
    }
}
