import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Peers that send more than they may.
@Suite struct ReceiveRateTests {
    static func site(
        _ rate: ReceiveRate, sending: SimulatedSending = .direct,
        _ configure: (inout WebSocketOptions) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(
            sending: sending,
            configure: {
                $0.options.receiveRate = rate
                configure(&$0.options)
            }
        ) { routes, log in routes.webSocket { LoggingEcho(log: log) } }
    }

    /// How long sixty messages take at ten a second after a burst of five, to the step of the timers.
    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func messagesComeAtTheirRate(sending: SimulatedSending) throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 10, messageBurst: 5), sending: sending)
        let client = site.connect()
        for number in 0..<65 { client.send("\(number)") }
        try site.run("the burst") { client.messages.count == 5 }
        #expect(site.network.elapsed < .milliseconds(100))
        try site.network.run(for: .seconds(1))
        #expect((14...15).contains(client.messages.count))
        try site.run("all of them") { client.messages.count == 65 }
        #expect(client.messages == (0..<65).map { .text("\($0)") })
        #expect(site.network.elapsed >= .seconds(6))
        // A pause ends at a timer's step, and what its lateness brought counts for the next message.
        #expect(site.network.elapsed < .milliseconds(6100))
        site.network.stop()
    }

    /// Over a long time exactly what burst and rate give, however the messages are spread.
    @Test(arguments: 0..<4)
    func neverMoreThanBurstAndRate(seed: Int) throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 7, messageBurst: 20)) {
            $0.pingInterval = nil
        }
        let client = site.connect()
        try site.run("the upgrade") { client.isUpgraded }
        let began = site.network.elapsed
        var random = SimulatedRandom(seed: UInt64(seed))
        var sent = 0
        for _ in 0..<200 {
            for _ in 0..<(random.next() % 8) {
                client.send("x")
                sent += 1
            }
            try site.network.run(for: .milliseconds(Int64(random.next() % 400)))
            let elapsed = (site.network.elapsed - began).nanoseconds
            #expect(client.messages.count <= 20 + Int(elapsed * 7 / 1_000_000_000))
        }
        try site.run("all of them") { client.messages.count == sent }
        site.network.stop()
    }

    @Test func bytesComeAtTheirRate() throws {
        let site = try Self.site(ReceiveRate(bytesPerSecond: 100_000, byteBurst: 50_000)) {
            $0.connection.unreadBytesMax = 1 << 20
        }
        let client = site.connect()
        for _ in 0..<100 { client.send(binary: [UInt8](repeating: 1, count: 20_000)) }
        try site.run("all of them") { client.messages.count == 100 }
        // 2 MB, less the burst and one reception.
        #expect(site.network.elapsed > .seconds(12))
        #expect(site.network.elapsed < .seconds(21))
        site.network.stop()
    }

    @Test func whoMayNotSendMoreIsClosed() throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 10, messageBurst: 5, excess: .close))
        let client = site.connect()
        for _ in 0..<5 { client.send("x") }
        try site.run("the burst") { client.messages.count == 5 }
        try site.network.run(for: .milliseconds(100))
        client.send("one more")
        try site.run("another") { client.messages.count == 6 }
        #expect(!client.isClosed)
        for _ in 0..<2 { client.send("too much") }
        try site.run("the end") { client.isClosed && site.log.count(of: "close") == 1 }
        #expect(client.close?.code == .policyViolation)
        #expect(client.close?.reason == "at most 10 messages per second, got more")
        #expect(site.log.count(of: "error 1008") == 1)
        #expect(site.server.webSocketSnapshot()[.rateCloses] == 1)
        site.network.stop()
    }

    @Test func tooManyBytesCloseToo() throws {
        let site = try Self.site(ReceiveRate(bytesPerSecond: 1000, excess: .close))
        let client = site.connect()
        client.send(binary: [UInt8](repeating: 1, count: 2000))
        try site.run("the end") { client.isClosed }
        #expect(client.close?.reason == "at most 1000 bytes per second, got more")
        #expect(client.messages.isEmpty)
        site.network.stop()
    }

    /// A flood of pings is held back like one of messages; a message in fragments costs one token.
    @Test func controlFramesCountAndFragmentsDoNot() throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 10, messageBurst: 5)) {
            $0.pingInterval = nil
        }
        let pinging = site.connect()
        for _ in 0..<15 { pinging.ping() }
        let speaking = site.connect()
        for _ in 0..<5 {
            speaking.send(frame: 0x01, [0x61])
            for _ in 0..<20 { speaking.send(frame: 0x00, [0x62]) }
            speaking.send(frame: 0x80, [0x63])
        }
        try site.run("messages") { speaking.messages.count == 5 }
        #expect(site.network.elapsed < .milliseconds(200))
        try site.run("pongs") { pinging.pongs.count == 15 }
        #expect(site.network.elapsed >= .seconds(1))
        site.network.stop()
    }

    /// A handler's pause and the rate's do not undo each other.
    @Test func bothPausesHold() throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 1000, messageBurst: 1)) {
            $0.pingInterval = nil
        }
        let client = site.connect()
        client.send("pause")
        client.send("behind")
        // The token is there after a millisecond, the handler resumes after fifty.
        try site.network.run(for: .milliseconds(30))
        #expect(client.messages.isEmpty)
        try site.run("the echo") { client.messages == [.text("behind")] }
        site.network.stop()
    }

    /// A peer that waits for its rate is not taken for dead, and is heard when this side closes.
    @Test func whoIsHeldBackIsNotGivenUp() throws {
        let site = try Self.site(ReceiveRate(messagesPerSecond: 1, messageBurst: 1)) {
            $0.pingInterval = .milliseconds(200)
            $0.pongTimeout = .milliseconds(100)
        }
        let client = site.connect()
        for number in 0..<4 { client.send("\(number)") }
        client.send("close")
        for _ in 0..<50 { client.send("dropped") }
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(client.messages.count == 4)
        #expect(site.log.all.last == "close 1000 local clean")
        #expect(site.network.elapsed < .seconds(6))
        site.network.stop()
    }

    @Test(arguments: 0..<6)
    func aNastyNetworkLosesNothing(seed: Int) throws {
        let site = try SimulatedSite(
            seed: UInt64(seed), faults: .nasty, sending: seed % 2 == 0 ? .direct : .inFlight,
            configure: {
                $0.options.receiveRate = ReceiveRate(messagesPerSecond: 100, bytesPerSecond: 50_000)
                $0.options.pingInterval = nil
            }
        ) { routes, log in routes.webSocket { LoggingEcho(log: log) } }
        let client = site.connect()
        let sent = (0..<60).map { [UInt8](repeating: UInt8($0), count: 100 * $0) }
        for bytes in sent { client.send(binary: bytes) }
        client.sendClose()
        _ = try site.network.run { client.peer.isOver }
        #expect(client.messages == sent.prefix(client.messages.count).map { .binary($0) })
        if client.isClosed { #expect(client.messages.count == 60) }
        site.network.stop()
    }
}
