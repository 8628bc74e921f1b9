import Glibc
import Testing

@testable import ZCNet

/// A loop that ends while its driver still has bytes of a closed connection.
@Suite(.enabled(if: DriverBench.refusal == nil, "needs io_uring"))
struct URingFlushingTests {
    /// Serves nothing; leaves bytes for a slow peer behind, which reads a little each turn.
    private final class Tenant: LoopTenant {
        let driver: URingDriver
        let peer: BenchPeer
        let bytes = bulk(300_000, salt: 3)
        private let served: Descriptor

        init(_ driver: URingDriver) throws {
            self.driver = driver
            var ends: [Int32] = [-1, -1]
            let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            _ = try systemCall("socketpair") {
                unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0, &ends)
            }
            served = Descriptor(rawValue: ends[0])
            peer = BenchPeer(ends[1])
        }

        func start() { driver.addLeftover(served, bytes) }
        func run(_ lane: LoopLane) {}
        func turnEnded(completions: Int) { peer.read(max: 20_000) }
        var isDrained: Bool { true }
        var connectionCount: Int { 0 }

        func timerExpired(_ payload: TimerPayload, id: TimerID) {}
        func beginShutdown(by deadline: MonotonicInstant) {}
        func stop() {}
        func awoke() {}
        func receiveTarget(_ token: Token) -> ReceiveTarget? { nil }
        func received(_ token: Token, count: Int) {}
        func received(_ token: Token, _ chunk: borrowing ReceivedChunk) -> Int { chunk.count }
        func ended(_ token: Token) {}
        func sent(_ token: Token, count: Int) {}
        func connected(_ token: Token) {}
        func failed(_ token: Token, errno: Errno) {}
        func accepted(_ listener: Token, descriptor: Descriptor, peer: IPEndpoint) -> Bool { true }
        func acceptFailed(_ listener: Token, errno: Errno) -> Bool { false }
        func descriptor(of token: Token) -> Descriptor? { nil }
    }

    @Test(arguments: [Duration.seconds(600), .zero])
    func theEndOfTheLoopWaitsAsLongAsItsGrace(grace: Duration) async throws {
        try await onThread {
            let driver = try URingDriver()
            let tenant = try Tenant(driver)
            let wheel = try TimingWheel(origin: driver.clock.now())
            let numbers = try #require(LoopNumbers(count: 1))
            let loop = try EventLoop(
                index: 0, of: numbers, driver: driver, wheel: wheel, mailboxMessagesMax: 16)
            loop.settle(tenant)
            loop.requestStop(grace: grace)
            try loop.run()
            tenant.peer.readToEnd()
            #expect((tenant.peer.received == tenant.bytes) == (grace > .zero))
        }
    }
}
