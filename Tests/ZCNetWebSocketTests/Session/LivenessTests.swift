import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// When pings go out, who is given up for want of an answer, and who is not.
@Suite struct LivenessTests {
    private static let interval = Duration.seconds(30)
    /// The shortest silence that is broken.
    private static let least = interval * 9 / 10
    private static let patience = Duration.seconds(20)
    private static let tick = Duration.milliseconds(10)
    /// What a segment travels, there or back.
    private static let travel = Duration.microseconds(100)

    private static func site(
        faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite {
        try SimulatedSite(faults: faults, sending: sending) {
            $0.options.pingInterval = interval
            $0.options.pongTimeout = patience
            configure(&$0)
        } routes: { routes, log in
            routes.webSocket { Source(log: log) }
        }
    }

    /// Sends so many messages of 10,000 bytes as a text asks for, and closes if it says so.
    struct Source: WebSocketHandler {
        let log: SimulatedSite.Log
        static let payload = [UInt8](repeating: 7, count: 10_000)

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let words = message.text.split(separator: " ")
            let count = Int(words[0]) ?? 0
            for _ in 0..<count {
                let answer = peer.send(binary: unsafe Self.payload.span.bytes)
                if !answer.isAccepted { log.add("refused") }
            }
            if words.last == "close" { peer.close() }
            if words.last == "pause" { peer.pauseReading() }
        }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            log.add("close \(reason.code.rawValue) \(reason.cause)")
        }
    }

    /// The time until the condition holds, to the simulation's own steps.
    private static func time(_ site: SimulatedSite, until condition: () -> Bool) throws -> Duration {
        let start = site.network.elapsed
        #expect(try site.network.run(until: condition))
        return site.network.elapsed - start
    }

    @Test(arguments: [0, 1, 7, 29, 31, 44, 59])
    func aPingGoesOutWithinAnIntervalOfTheLastByte(seconds: Int) throws {
        let site = try Self.site()
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        try site.network.run(for: .milliseconds(seconds * 1000 + 3))
        let before = client.pings.count
        client.send("0")
        let took = try Self.time(site) { client.pings.count > before }
        #expect(took >= Self.least && took <= Self.interval, "\(took)")
        // The pong is the last byte now.
        let next = try Self.time(site) { client.pings.count > before + 1 }
        #expect(next >= Self.least && next <= Self.interval, "\(next)")
        site.network.stop()
    }

    @Test(arguments: [0, 13, 29, 31])
    func aSilentPeerIsGoneAfterBothTimes(seconds: Int) throws {
        let site = try Self.site()
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        try site.network.run(for: .seconds(seconds))
        client.answers = false
        client.send("0")
        let took = try Self.time(site) { site.log.all.count == 1 }
        let most = Self.interval + Self.patience + Self.tick * 2 + Self.travel
        #expect(took >= Self.least + Self.patience && took <= most, "\(took)")
        #expect(site.log.all == ["close 1006 timeout: pong"])
        site.network.stop()
    }

    @Test func aPeerThatTalksIsNotAsked() throws {
        let site = try Self.site()
        let client = site.connect()
        for _ in 0..<40 {
            client.send("0")
            try site.network.run(for: .seconds(26))
        }
        #expect(client.pings.isEmpty && site.log.all.isEmpty)
        // The timer comes once per interval at most, however much comes.
        let fired = site.group.snapshot()[.timersFired]
        #expect(fired <= 45, "\(fired)")
        site.network.stop()
    }

    /// Has the peer read what its kernel holds, once per `step`.
    private static func readSlowly(
        _ site: SimulatedSite, _ client: SimulatedWebSocket, step: Duration, until isDone: () -> Bool
    ) throws {
        let start = site.network.elapsed
        client.peer.pauseReading()
        while !isDone() && site.network.elapsed - start < .seconds(4000) {
            try site.network.run(for: step)
            client.peer.resumeReading()
            client.peer.pauseReading()
        }
        client.peer.resumeReading()
    }

    private static func slowKernel() -> SimulatedFaults {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (20_000, 8000, 4000)
        return faults
    }

    /// With its output blocked, the peer is not read from, or its answer stands behind what it has not read:
    /// both take far longer than the patience for a pong.
    @Test(arguments: SimulatedSending.allCases, [40, 5])
    func aSlowReaderThatGoesOnIsNotGivenUp(sending: SimulatedSending, messages: Int) throws {
        let site = try Self.site(faults: Self.slowKernel(), sending: sending) {
            $0.options.connection.outboundHighWatermarkBytes = 100_000
            $0.options.connection.outboundLowWatermarkBytes = 50_000
        }
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.send("\(messages)")
        let start = site.network.elapsed
        try Self.readSlowly(site, client, step: .seconds(12)) {
            client.messages.count == messages || !site.log.all.isEmpty
        }
        #expect(client.messages.count == messages && site.log.all.isEmpty, "\(site.log.all)")
        #expect(site.network.elapsed - start > Self.interval + Self.patience, "as slow as meant")
        // And alive it is, once it reads as others do.
        let pings = client.pings.count
        try site.network.run(for: .seconds(100))
        #expect(client.pings.count > pings && site.log.all.isEmpty)
        site.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func aReaderThatStandsStillIsGivenUp(sending: SimulatedSending) throws {
        let site = try Self.site(faults: Self.slowKernel(), sending: sending)
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.peer.pauseReading()
        client.send("40")
        let took = try Self.time(site) { site.log.all.count == 1 }
        #expect(site.log.all == ["close 1006 timeout: pong"])
        #expect(took < Self.interval + Self.patience + .seconds(1), "\(took)")
        site.network.stop()
    }

    /// Its kernel takes what is sent, the ping too, but nobody is there: that counts for no sign of life.
    @Test func aPeerWhoseKernelAloneAnswersIsGivenUp() throws {
        let site = try Self.site()
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.answers = false
        client.send("1")
        let took = try Self.time(site) { site.log.all.count == 1 }
        #expect(took < Self.interval + Self.patience + .seconds(1), "\(took)")
        site.network.stop()
    }

    // MARK: Absence

    /// The process was stopped for longer than the patience; the pong came in time and lies in the socket.
    @Test func aPongThatCameWhileTheProcessWasStoppedCounts() throws {
        let site = try Self.site()
        let clients = (0..<20).map { _ in site.connect() }
        #expect(try site.network.run { clients.allSatisfy(\.isUpgraded) })
        #expect(try site.network.run { clients.allSatisfy { $0.pings.count == 1 } })
        site.network.advance(to: site.network.now + 60_000_000_000)
        site.network.runDueEvents()
        site.network.faults.interrupts = 1
        let member = try #require(site.network.members.first)
        for _ in 0..<3 { try member.loop.turn(member.tenant) }
        site.network.faults.interrupts = 0
        try site.network.run(for: .seconds(1))
        #expect(site.log.all.isEmpty && clients.allSatisfy { !$0.peer.isOver })
        site.network.stop()
    }

    // MARK: Closing

    @Test(arguments: SimulatedSending.allCases)
    func acceptedMessagesReachASlowReaderAfterAClose(sending: SimulatedSending) throws {
        let site = try Self.site(faults: Self.slowKernel(), sending: sending)
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.send("100 close")
        let start = site.network.elapsed
        try Self.readSlowly(site, client, step: .seconds(2)) { client.isClosed || !site.log.all.isEmpty }
        #expect(client.messages.count == 100 && client.close?.code == .normalClosure, "\(site.log.all)")
        #expect(site.network.elapsed - start > .seconds(60), "as slow as meant")
        #expect(try site.network.run { site.log.all == ["close 1000 local"] })
        #expect(!client.peer.wasReset && site.group.snapshot()[.queuedBytes] == 0)
        site.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func whoTakesNothingAfterACloseIsGivenUp(sending: SimulatedSending) throws {
        let site = try Self.site(faults: Self.slowKernel(), sending: sending)
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.peer.pauseReading()
        client.send("100 close")
        let took = try Self.time(site) { site.log.all.count == 1 }
        #expect(site.log.all == ["close 1006 timeout: linger"])
        #expect(took >= .seconds(5) && took < .milliseconds(5800), "\(took)")
        #expect(try site.network.run { client.peer.wasReset })
        site.network.stop()
    }

    @Test func whoTricklesAfterACloseIsGivenUpAtTheLimit() throws {
        let site = try Self.site(faults: Self.slowKernel()) {
            $0.options.connection.drainTimeoutMax = .seconds(30)
        }
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.send("100 close")
        let start = site.network.elapsed
        try Self.readSlowly(site, client, step: .seconds(2)) { !site.log.all.isEmpty }
        let took = site.network.elapsed - start
        #expect(site.log.all == ["close 1006 timeout: linger"])
        #expect(took >= .seconds(30) && took < .seconds(33), "\(took)")
        site.network.stop()
    }

    /// What lies in the peer's kernel, the close frame last, is not destroyed by a reset.
    @Test func whoHasEverythingButDoesNotAnswerIsNotReset() throws {
        let site = try Self.site()
        let client = site.connect()
        #expect(try site.network.run { client.isUpgraded })
        client.peer.pauseReading()
        client.send("3 close")
        #expect(try site.network.run { site.log.all.count == 1 })
        try site.network.run(for: .seconds(10))
        client.peer.resumeReading()
        #expect(client.messages.count == 3 && client.close?.code == .normalClosure)
        #expect(client.peer.isEnded && !client.peer.wasReset)
        site.network.stop()
    }

    /// At the deadline of a shutdown whoever has room is told, and whose output is blocked is reset.
    @Test(arguments: SimulatedSending.allCases)
    func theDeadlineOfAShutdownSaysGoodbyeWhereThereIsRoom(sending: SimulatedSending) throws {
        let site = try Self.site(faults: Self.slowKernel(), sending: sending)
        let (roomy, blocked) = (site.connect(), site.connect())
        #expect(try site.network.run { roomy.isUpgraded && blocked.isUpgraded })
        blocked.peer.pauseReading()
        blocked.send("100")
        roomy.answers = false
        try site.network.run(for: .milliseconds(20))
        site.server.shutdown(grace: .seconds(1))
        #expect(try site.network.run { site.network.members.isEmpty })
        try site.network.runToRest()
        #expect(roomy.close?.code == .goingAway && !roomy.peer.wasReset)
        #expect(blocked.peer.wasReset && blocked.close == nil)
    }
}
