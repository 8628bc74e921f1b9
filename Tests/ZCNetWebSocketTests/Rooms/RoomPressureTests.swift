import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Members that are slow: their own limits and policies hold, and all is counted.
@Suite struct RoomPressureTests {
    private static func world(
        _ policy: OverflowPolicy, _ sending: SimulatedSending = .direct
    ) throws -> (world: SimulatedRooms, fast: SimulatedWebSocket, slow: SimulatedWebSocket) {
        let world = try SimulatedRooms(sending: sending, joinsAtOnce: ["a"]) {
            $0.options.pingInterval = nil
            $0.options.messageBytesMax = 4 << 10
            $0.options.connection.outboundBytesMax = 16 << 10
            $0.options.connection.outboundHighWatermarkBytes = 8 << 10
            $0.options.connection.outboundLowWatermarkBytes = 1 << 10
            $0.options.connection.overflowPolicy = policy
        }
        let clients = try world.connect(2)
        clients[1].peer.pauseReading()
        return (world, clients[0], clients[1])
    }

    /// Publishes until something was refused; answers how many that took.
    private static func press(_ world: SimulatedRooms, _ fast: SimulatedWebSocket) throws -> Int {
        let bytes = [UInt8](repeating: 7, count: 2000)
        var count = 0
        while world.rooms.counts.refused == 0 {
            guard count < 5000 else {
                Issue.record("expected a refusal within 5000 messages")
                return count
            }
            unsafe world.rooms.publish(binary: bytes.span.bytes, to: "a")
            count += 1
            try world.run("the fast one's message") { fast.messages.count == count }
        }
        return count
    }

    @Test(arguments: [OverflowPolicy.signal, .dropNewest, .conflate], [SimulatedSending.direct, .inFlight])
    func aSlowMemberIsRefusedAndStays(policy: OverflowPolicy, sending: SimulatedSending) throws {
        let (world, fast, slow) = try Self.world(policy, sending)
        let count = try Self.press(world, fast)
        let counts = world.rooms.counts("a")
        #expect((counts.members, counts.refused, counts.closed) == (2, 1, 0))
        #expect(counts.delivered == 2 * count - 1)
        slow.peer.resumeReading()
        try world.run("what was taken") { slow.messages.count == count - 1 }
        world.rooms.publish("on", to: "a")
        try world.run("what is new") {
            slow.messages.last == .text("on") && fast.messages.last == .text("on")
        }
        world.site.network.stop()
    }

    @Test func aSlowMemberIsClosedWhereThatIsThePolicy() throws {
        let (world, fast, _) = try Self.world(.close)
        _ = try Self.press(world, fast)
        try world.run("its end") { world.remotes.closes == 1 }
        let counts = world.rooms.counts("a")
        #expect((counts.members, counts.refused) == (1, 1))
        world.site.network.stop()
    }

    /// A burst is gathered; a limit that the kernel would have relieved must refuse nothing of it.
    @Test(arguments: [1, 20, 200, 2000])
    func aBurstFillsNoLimitOfAFastReader(bytes: Int) throws {
        let world = try SimulatedRooms(joinsAtOnce: ["a"]) {
            $0.options.pingInterval = nil
            $0.options.messageBytesMax = 4 << 10
            $0.options.connection.outboundBytesMax = 8 << 10
            $0.options.connection.outboundHighWatermarkBytes = 6 << 10
            $0.options.connection.outboundLowWatermarkBytes = 1 << 10
        }
        let clients = try world.connect(3)
        let count = 40_000 / (bytes + 2)
        for number in 0..<min(count, 400) {
            let message = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)
            unsafe world.rooms.publish(binary: message.span.bytes, to: "a")
        }
        try world.run("all of it") { clients.allSatisfy { $0.messages.count == min(count, 400) } }
        #expect(world.rooms.counts.refused == 0)
        for client in clients {
            for (number, message) in client.messages.enumerated() {
                #expect(message == .binary(.init(repeating: UInt8(truncatingIfNeeded: number), count: bytes)))
            }
        }
        world.site.network.stop()
    }

    /// A message larger than a member may ever be sent.
    @Test func aMessageBeyondTheLimitIsRefused() throws {
        let (world, _, _) = try Self.world(.signal)
        let large = [UInt8](repeating: 1, count: 17 << 10)
        unsafe world.rooms.publish(binary: large.span.bytes, to: "a")
        try world.run("two refusals") { world.rooms.counts("a").refused == 2 }
        world.site.network.stop()
    }

    /// Where a loop's mailbox is full, its members are counted as not reached.
    @Test func aFullMailboxIsCounted() throws {
        let world = try SimulatedRooms(joinsAtOnce: ["a"], mailboxMessagesMax: 16)
        let clients = try world.connect(2)
        var refused = 0
        var posted = 0
        while refused < 3 {
            guard posted <= 16 else {
                Issue.record("expected a mailbox with a bound")
                return
            }
            switch world.rooms.publish(PreparedMessage(text: ""), to: "a") {
            case .posted: posted += 1
            case .full: refused += 1
            case .stopped: Issue.record("expected a loop that runs")
            }
        }
        #expect(world.rooms.counts("a").unreached == 6)
        try world.run("what was posted") { clients.allSatisfy { $0.messages.count == posted } }
        let counts = world.rooms.counts("a")
        #expect(counts.delivered == 2 * posted)
        #expect(counts.published == posted + 3)
        world.site.network.stop()
    }
}
