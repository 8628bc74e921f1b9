import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// Once a close frame is sent, the peer's answer is read, whatever keeps or would keep it from being read.
@Suite struct PausedCloseTests {
    /// Pauses and closes as a text says; everything else it sends back.
    struct Pausing: WebSocketHandler {
        let log: SimulatedSite.Log

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            for word in message.text.split(separator: " ") {
                switch word {
                case "pause": peer.pauseReading()
                case "close": peer.close()
                case "timer": peer.schedule(after: .milliseconds(20), tag: 1)
                case "much":
                    let payload = [UInt8](repeating: 7, count: 10_000)
                    for _ in 0..<10 { peer.send(binary: unsafe payload.span.bytes) }
                default: log.add("\(word)")
                }
            }
        }

        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) { peer.close() }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            log.add("close \(reason.code.rawValue) \(reason.cause) \(reason.isClean)")
        }
    }

    @Test(arguments: ["close", "pause close", "close pause", "pause close pause", "pause timer"])
    func theGoodbyeIsReadWhateverWasPaused(words: String) throws {
        let site = try SimulatedSite {
            $0.options.closeTimeout = .seconds(60)
        } routes: { routes, log in
            routes.webSocket { Pausing(log: log) }
        }
        let client = site.connect()
        try site.run("the upgrade") { client.isUpgraded }
        client.send(words)
        client.send("late")
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all == ["close 1000 local true"])
        #expect(site.network.elapsed < .seconds(1))
        site.network.stop()
    }

    /// Blocked output keeps a peer from being read until it has taken some; not so its goodbye.
    @Test func theGoodbyeIsReadWhileOutputIsBlocked() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let site = try SimulatedSite(faults: faults) {
            $0.options.closeTimeout = .seconds(60)
            $0.options.connection.outboundHighWatermarkBytes = 20_000
            $0.options.connection.outboundLowWatermarkBytes = 10_000
        } routes: { routes, log in
            routes.webSocket { Pausing(log: log) }
        }
        let client = site.connect()
        try site.run("the upgrade") { client.isUpgraded }
        client.peer.pauseReading()
        client.send("much close")
        try site.network.run(for: .milliseconds(20))
        #expect(site.server.snapshot()[.queuedBytes] > 20_000)
        let before = site.server.snapshot()[.bytesIn]
        for _ in 0..<50 { client.send("late") }
        client.sendClose(.goingAway)
        try site.network.run(for: .milliseconds(100))
        // Its goodbye was read; now its output is all that is waited for.
        #expect(site.server.snapshot()[.bytesIn] - before == 50 * 10 + 8)
        client.peer.resumeReading()
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all == ["close 1001 local true"])
        #expect(client.messages.count == 10 && client.close?.code == .normalClosure)
        site.network.stop()
    }

    /// A peer that may send no more for now may say goodbye all the same.
    @Test func theGoodbyeIsReadBeyondTheRate() throws {
        let site = try SimulatedSite {
            $0.options.closeTimeout = .seconds(60)
            $0.options.receiveRate = ReceiveRate(messagesPerSecond: 1, messageBurst: 3)
        } routes: { routes, log in
            routes.webSocket { Pausing(log: log) }
        }
        let client = site.connect()
        try site.run("the upgrade") { client.isUpgraded }
        for word in ["one", "two", "timer", "late", "late", "late"] { client.send(word) }
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all == ["one", "two", "close 1000 local true"])
        #expect(site.network.elapsed < .seconds(1))
        site.network.stop()
    }
}
