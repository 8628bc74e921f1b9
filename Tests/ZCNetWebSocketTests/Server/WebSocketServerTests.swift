import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct WebSocketServerTests {
    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func echoesTextAndBinary(sending: SimulatedSending) throws {
        let site = try SimulatedSite(sending: sending)
        let client = site.connect()
        client.send("h\u{E9}llo")
        client.send(binary: [UInt8](repeating: 7, count: 100_000))
        client.send("")
        try site.run("three messages") { client.messages.count == 3 }
        #expect(
            client.messages == [
                .text("h\u{E9}llo"), .binary([UInt8](repeating: 7, count: 100_000)), .text(""),
            ])
        client.sendClose(.normalClosure, reason: "done")
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(client.close?.code == .normalClosure)
        #expect(site.log.all == ["open / -", "close 1000 peer clean"])
        site.network.stop()
    }

    struct Greeting: WebSocketHandler {
        mutating func onOpen(_ peer: inout WebSocketPeer) { peer.send("hello") }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    /// It compiled before, and was never called.
    @Test func whoDoesNotAskForTheUpgradeIsToldToo() throws {
        let site = try SimulatedSite(configure: { _ in }) { routes, _ in routes.webSocket { Greeting() } }
        let client = site.connect()
        try site.run("a greeting") { client.messages == [.text("hello")] }
        site.network.stop()
    }

    /// Short reads and writes, delays, EAGAIN and EINTR: what arrives is the same.
    @Test(arguments: 0..<8)
    func aNastyNetworkChangesNothing(seed: Int) throws {
        let site = try SimulatedSite(
            seed: UInt64(seed), faults: .nasty, sending: seed % 2 == 0 ? .direct : .inFlight,
            loops: 1 + seed % 2
        ) { $0.options.pingInterval = nil }
        let clients = (0..<4).map { _ in site.connect() }
        var sent: [[SimulatedWebSocket.Message]] = Array(repeating: [], count: 4)
        var random = SimulatedRandom(seed: UInt64(seed))
        for _ in 0..<20 {
            for index in 0..<4 {
                let count = Int(random.next() % 3000)
                let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                if random.next() % 2 == 0 {
                    clients[index].send(binary: bytes)
                    sent[index].append(.binary(bytes))
                } else {
                    let cut = count / 2
                    clients[index].send(frame: 0x02, Array(bytes[..<cut]))
                    clients[index].ping([1])
                    clients[index].send(frame: 0x80, Array(bytes[cut...]))
                    sent[index].append(.binary(bytes))
                }
            }
        }
        for client in clients { client.sendClose() }
        _ = try site.network.run {
            site.log.count(of: "close") == site.log.count(of: "open") && clients.allSatisfy { $0.peer.isOver }
        }
        for (index, client) in clients.enumerated() {
            // A connection that the network broke has seen a part, in order; every other one everything.
            #expect(client.messages == Array(sent[index].prefix(client.messages.count)))
            if client.isClosed { #expect(client.messages.count == 20) }
            #expect(client.error == nil)
        }
        #expect(site.log.count(of: "close") == site.log.count(of: "open"))
        site.network.stop()
    }

    @Test func bytesBehindTheHandshakeAreTheConversations() throws {
        let site = try SimulatedSite()
        // The request and a message in one segment: the client does not wait for the answer.
        let client = site.connect()
        client.send("early")
        try site.run("an answer") { client.messages == [.text("early")] }
        #expect(client.response.contains("Sec-WebSocket-Accept: "))
        site.network.stop()
    }

    // MARK: Closing

    @Test func theServerClosesAndThePeerAgrees() throws {
        let site = try SimulatedSite()
        let client = site.connect()
        client.send("close")
        try site.run("the end") { site.log.count(of: "close") == 1 && client.isClosed }
        #expect(client.close?.code == .normalClosure)
        #expect(client.close?.reason == "as asked")
        #expect(site.log.all.last == "close 1000 local clean")
        site.network.stop()
    }

    @Test func aPeerThatNeverAgreesIsGivenUp() throws {
        let site = try SimulatedSite { $0.options.closeTimeout = .seconds(2) }
        let client = site.connect()
        client.answers = false
        client.send("close")
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all.last?.hasSuffix("unclean") == true)
        #expect(site.network.elapsed < .seconds(4))
        site.network.stop()
    }

    @Test func anEmptyCloseFrameIsAnsweredWithOne() throws {
        let site = try SimulatedSite()
        let client = site.connect()
        client.sendClose(nil)
        try site.run("the end") { site.log.count(of: "close") == 1 && client.isClosed }
        #expect(client.close?.code == .noStatusReceived)
        #expect(site.log.all.last == "close 1005 peer clean")
        site.network.stop()
    }

    @Test func aPeerThatJustGoesIsAnAbnormalEnd() throws {
        let site = try SimulatedSite()
        let client = site.connect()
        client.send("x")
        try site.run("an echo") { client.messages.count == 1 }
        client.peer.finish()
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all.last == "close 1006 peer unclean")
        site.network.stop()
    }

    @Test func aShutdownSaysThatTheServerGoesAway() throws {
        let site = try SimulatedSite(loops: 2)
        let clients = (0..<6).map { _ in site.connect() }
        for client in clients { client.send("x") }
        try site.run("echoes") { clients.allSatisfy { $0.messages.count == 1 } }
        site.server.shutdown(grace: .seconds(5))
        try site.run("goodbyes") { clients.allSatisfy { $0.isClosed } && site.log.count(of: "close") == 6 }
        #expect(clients.allSatisfy { $0.close?.code == .goingAway })
        #expect(site.log.count(of: "close 1001 shutdown clean") == 6)
        #expect(site.network.elapsed < .seconds(5))
        site.network.stop()
    }

    // MARK: Broken rules

    @Test(arguments: [
        (UInt8(0x81), [UInt8]([0xFF]), 1007), (0x83, [1], 1002), (0x80, [], 1002), (0x09, [], 1002),
        (0x88, [3], 1002), (0x88, [0x03, 0xED], 1002), (0x88, [0x03, 0xE8, 0xFF], 1007),
    ])
    func aBrokenRuleIsNamedInTheCloseFrame(first: UInt8, payload: [UInt8], code: Int) throws {
        let site = try SimulatedSite()
        let client = site.connect()
        client.answers = false
        client.send("before")
        client.send(frame: first, payload)
        try site.run("a close frame") { client.isClosed && site.log.count(of: "close") == 1 }
        #expect(client.messages == [.text("before")])
        #expect(client.close.map { Int($0.code.rawValue) } == code)
        #expect(client.close?.reason.hasPrefix("RFC 6455") == true)
        #expect(site.log.count(of: "error \(code)") == 1)
        #expect(site.log.all.last == "close \(code) protocol error unclean")
        site.network.stop()
    }

    @Test func aMessageTooBigIsRefusedWithItsLimit() throws {
        let site = try SimulatedSite { $0.options.messageBytesMax = 1000 }
        let client = site.connect()
        client.send(binary: [UInt8](repeating: 0, count: 1000))
        client.send(binary: [UInt8](repeating: 0, count: 1001))
        try site.run("a close frame") { client.isClosed }
        #expect(client.messages.count == 1)
        #expect(client.close?.code == .messageTooBig)
        #expect(client.close?.reason.contains("1000") == true)
        site.network.stop()
    }

    // MARK: Keepalive

    @Test func aQuietPeerIsPingedAndADeafOneGivenUp() throws {
        let site = try SimulatedSite {
            $0.options.pingInterval = .seconds(10)
            $0.options.pongTimeout = .seconds(5)
        }
        let alive = site.connect()
        let deaf = site.connect()
        deaf.answers = false
        deaf.send("x")
        try site.run("the deaf one's end") { site.log.count(of: "close") == 1 }
        try site.run("the other's answers") { site.log.count(of: "pong") >= 2 }
        #expect(site.log.count(of: "close 1006 timeout unclean") == 1)
        #expect(alive.isClosed == false)
        #expect(site.log.count(of: "pong") >= 2)
        site.network.stop()
    }

    @Test func pingsAreAnsweredInOrder() throws {
        let site = try SimulatedSite()
        let client = site.connect()
        for number in 0..<10 { client.ping([UInt8(number)]) }
        client.send("after")
        try site.run("the echo") { client.messages.count == 1 }
        #expect(client.pongs == (0..<10).map { [UInt8($0)] })
        site.network.stop()
    }

    // MARK: Pausing

    /// A handler that pauses is given nothing, not even what lies in the same chunk; everything comes later.
    @Test func pausingHoldsBackWhatIsThereAlready() throws {
        let site = try SimulatedSite()
        let client = site.connect()
        client.send("1")
        client.send("pause")
        client.send("2")
        client.send("pause")
        client.send("3")
        try site.run("the first echo") { client.messages.count == 1 }
        try site.network.run(for: .milliseconds(20))
        #expect(client.messages == [.text("1")])
        try site.run("all echoes") { client.messages.count == 3 }
        #expect(client.messages == [.text("1"), .text("2"), .text("3")])
        #expect(site.network.elapsed >= .milliseconds(100))
        site.network.stop()
    }
}
