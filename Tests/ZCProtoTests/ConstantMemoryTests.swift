import Testing

@testable import ZCNet
@testable import ZCProto

/// The size of an allocation; Glibc's module has no `malloc.h`.
@_silgen_name("malloc_usable_size")
private func allocationBytes(_ start: UnsafeMutableRawPointer) -> Int

/// What every goim connection has, and every queue of a gateway, is not in the books: it is as small as
/// `Docs/Limits.md` says.
@Suite struct ConstantMemoryTests {
    @Test func aGoimConnection() throws {
        #expect(MemoryLayout<GoimSession>.stride <= 48, "\(MemoryLayout<GoimSession>.stride)")
        let sizes = Locked<[Int]>([])
        struct Measuring: GoimHandler {
            let sizes: Locked<[Int]>

            mutating func authenticate(
                _ request: borrowing GoimProto, from peer: inout GoimPeer
            ) -> GoimVerdict {
                let link = peer.line.makeLink()
                let size = unsafe allocationBytes(Unmanaged.passUnretained(link).toOpaque())
                sizes.withLock { $0.append(size) }
                return .accept(GoimIdentity(mid: 1))
            }
        }
        let network = SimulatedNetwork(seed: 1)
        let server = try GoimServer(tcp: "127.0.0.1:9100", group: try network.makeGroup()) {
            Measuring(sizes: sizes)
        }
        network.start(server.group)
        network.connect(to: try #require(server.tcpAddress)).send(NaiveProto(7, 1, "{}").bytes())
        #expect(try network.run { sizes.withLock { $0.count } == 1 })
        #expect(sizes.withLock { $0[0] } <= 640, "\(sizes.withLock { $0 })")
        // Key and room of at most `nameBytesMax`, operations of at most `acceptsMax`.
        let options = GoimOptions()
        #expect(2 * options.nameBytesMax + 4 * options.acceptsMax <= 1536)
        network.stop()
    }

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
