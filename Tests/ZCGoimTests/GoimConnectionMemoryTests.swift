import Testing
import ZCNetTesting

@testable import ZCGoim
@testable import ZCNet

/// The size of an allocation; Glibc's module has no `malloc.h`.
@_silgen_name("malloc_usable_size")
private func allocationBytes(_ start: UnsafeMutableRawPointer) -> Int

/// What every goim connection has is not in the books: it is as small as `Docs/Limits.md` says.
@Suite struct GoimConnectionMemoryTests {
    @Test func aGoimConnection() throws {
        #expect(MemoryLayout<GoimSession>.stride <= 48, "\(MemoryLayout<GoimSession>.stride)")
        let sizes = Locked<[Int]>([])
        struct Measuring: GoimHandler {
            let sizes: Locked<[Int]>

            mutating func authenticate(
                _ request: borrowing GoimProto, from peer: inout GoimPeer
            ) -> GoimVerdict {
                let handle = peer.conversation.makeHandle()
                let size = unsafe allocationBytes(Unmanaged.passUnretained(handle).toOpaque())
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
}
