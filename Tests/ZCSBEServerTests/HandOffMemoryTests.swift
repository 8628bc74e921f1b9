import Testing

@testable import ZCNetWebSocket
@testable import ZCSBEServer

/// What every queue of a gateway has is not in the books: it is as small as `Docs/Limits.md` says.
@Suite struct HandOffMemoryTests {
    /// The places of a hand-off are made at once, and there are never more, whatever is offered.
    @Test(arguments: [HandOffPolicy.dropNewest, .dropOldest])
    func aHandOff(policy: HandOffPolicy) throws {
        #expect(MemoryLayout<Trade.Value?>.stride <= 40, "\(MemoryLayout<Trade.Value?>.stride)")
        var state = HandOffState<Trade.Value>(capacity: 1000)
        for round in 0..<10 {
            _ = state.add(700, policy) { TradeSamples.trade(UInt64(round * 700 + $0)) }
            #expect(state.capacity == 1000 && state.counts.waiting <= 1000)
        }
    }
}
