import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Connections that come back, in a simulated network and virtual time.
@Suite struct ReconnectingWebSocketTests {
    /// A reconnecting connection, the states it went through, and when.
    final class Fixture {
        let network = SimulatedNetwork(seed: 1)
        let site: ClientSite
        var feed: ReconnectingWebSocket?
        private let seen = Locked<[ReconnectingWebSocket.State]>([])
        /// What each accepted peer is to be.
        var served: [SimulatedWebSocket] = []

        init(
            policy change: (inout ReconnectPolicy) -> Void = { _ in },
            makeHeaders: (@Sendable () -> HTTPHeaders)? = nil,
            onState: @escaping @Sendable (ReconnectingWebSocket.State) -> Void = { _ in }
        ) throws {
            site = try ClientSite(network) { $0.options.pingInterval = nil }
            var policy = ReconnectPolicy()
            policy.initialDelay = .milliseconds(100)
            policy.delayMax = .seconds(1)
            policy.jitter = .none
            change(&policy)
            let seen = seen
            feed = try ReconnectingWebSocket(
                site.client, to: "ws://127.0.0.1:9001/feed", policy: policy, makeHeaders: makeHeaders,
                generator: SimulatedRandom(seed: 3)
            ) { state in
                seen.withLock { $0.append(state) }
                onState(state)
            }
        }

        /// The states so far, by name.
        var states: [String] {
            seen.withLock { states in
                states.map { state in
                    switch state {
                    case .idle: "idle"
                    case .connecting(let attempt): "connecting \(attempt)"
                    case .open: "open"
                    case .waiting(let delay, _): "waiting \(delay.nanoseconds / 1_000_000)"
                    case .stopped(let last): last == nil ? "stopped" : "given up"
                    }
                }
            }
        }

        var last: ReconnectingWebSocket.State? { seen.withLock { $0.last } }

        /// From now on the server is there, and does `script` with each connection.
        func serve(
            refusal: HTTPResponse? = nil, _ script: @escaping (SimulatedWebSocket, Int) -> Void = { _, _ in }
        ) {
            network.answer(at: site.address) { [self] peer in
                let socket = SimulatedWebSocket(accepting: peer, refusal: refusal)
                let number = served.count
                socket.onOpen = { script($0, number) }
                served.append(socket)
            }
        }

        func run(_ what: String, _ location: SourceLocation = #_sourceLocation, until: () -> Bool) throws {
            let holds = try network.run(until: until)
            #expect(holds, "expected \(what); \(states)", sourceLocation: location)
        }

        func finish() {
            feed = nil
            network.stop()
            network.answer(at: site.address) { _ in }
        }
    }

    @Test func attemptsComeFurtherAndFurtherApart() throws {
        let fixture = try Fixture()
        fixture.feed?.start()
        try fixture.run("six attempts") { fixture.states.contains("connecting 6") }
        let expected = [
            "connecting 0", "waiting 100", "connecting 1", "waiting 200", "connecting 2", "waiting 400",
            "connecting 3", "waiting 800", "connecting 4", "waiting 1000", "connecting 5", "waiting 1000",
            "connecting 6",
        ]
        #expect(Array(fixture.states.prefix(expected.count)) == expected)
        let waited = Duration.milliseconds(3500)
        #expect(fixture.network.elapsed >= waited && fixture.network.elapsed < waited + .milliseconds(200))
        fixture.finish()
    }

    @Test func aLostConnectionComesBack() throws {
        let fixture = try Fixture()
        fixture.serve { socket, number in
            if number < 2 { socket.sendClose(.serviceRestart) } else { socket.send("welcome back") }
        }
        fixture.feed?.start()
        try fixture.run("a message") { fixture.site.log.count(of: "text welcome back") == 1 }
        // Neither of the first two lived long enough to count as a success.
        let expected = [
            "connecting 0", "open", "waiting 100", "connecting 1", "open", "waiting 200", "connecting 2",
            "open",
        ]
        #expect(fixture.states == expected)
        #expect(fixture.feed?.connection != nil)
        #expect(fixture.site.log.count(of: "close 1012 peer clean") == 2)
        fixture.finish()
    }

    @Test func aConnectionThatLivedBeginsTheDelaysAnew() throws {
        let fixture = try Fixture { $0.stableAfter = .seconds(5) }
        fixture.feed?.start()
        try fixture.run("some attempts") { fixture.states.contains("waiting 800") }
        fixture.serve()
        try fixture.run("a connection") { fixture.states.last == "open" }
        try fixture.network.run(for: .seconds(6))
        fixture.served[0].peer.reset()
        try fixture.run("another") { fixture.states.count { $0 == "open" } == 2 }
        #expect(fixture.states.suffix(4) == ["open", "waiting 100", "connecting 1", "open"])
        fixture.finish()
    }

    @Test func jitterStaysWithinTheBound() throws {
        let fixture = try Fixture { $0.jitter = .full }
        fixture.feed?.start()
        try fixture.run("ten attempts") { fixture.states.contains("connecting 10") }
        let delays = fixture.states.compactMap { Int($0.split(separator: " ")[1]) }
        let bounds = [100, 200, 400, 800] + Array(repeating: 1000, count: 6)
        let waits = fixture.states.enumerated().filter { $0.element.hasPrefix("waiting") }.map {
            delays[$0.offset]
        }
        #expect(zip(waits, bounds).allSatisfy { $0 <= $1 })
        #expect(Set(waits).count > 5)
        fixture.finish()
    }

    // MARK: Giving up

    @Test func noMoreAttemptsThanAllowed() throws {
        let fixture = try Fixture { $0.attemptsMax = 2 }
        fixture.feed?.start()
        try fixture.run("the end") { fixture.states.last == "given up" }
        #expect(
            fixture.states == [
                "connecting 0", "waiting 100", "connecting 1", "waiting 200", "connecting 2", "given up",
            ])
        fixture.finish()
    }

    @Test func aRefusalThatWillBeRepeatedIsFinal() throws {
        let fixture = try Fixture()
        fixture.serve(refusal: HTTPResponse(status: 403, text: "no\n"))
        fixture.feed?.start()
        try fixture.run("the end") { fixture.states.last == "given up" }
        guard case .stopped(.failed(let error)) = fixture.last, case .refused(let refusal) = error.cause
        else {
            Issue.record("expected the refusal, got \(String(describing: fixture.last))")
            return
        }
        #expect(refusal.head.status == 403 && refusal.bodyText == "no\n")
        #expect(fixture.served.count == 1)
        fixture.finish()
    }

    @Test func thePolicyDecides() throws {
        let fixture = try Fixture { $0.reconnects = { _ in true } }
        fixture.serve { socket, number in if number == 0 { socket.sendClose(.normalClosure) } }
        fixture.feed?.start()
        try fixture.run("two connections") { fixture.states.count { $0 == "open" } == 2 }
        fixture.finish()
    }

    @Test func everyAttemptMakesItsHeadersAnew() throws {
        let count = Locked(0)
        let fixture = try Fixture(makeHeaders: {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return ["Authorization": "Token \(number)"]
        })
        fixture.serve { socket, number in if number == 0 { socket.sendClose(.goingAway) } }
        fixture.feed?.start()
        try fixture.run("two connections") { fixture.states.count { $0 == "open" } == 2 }
        #expect(fixture.served.map { $0.request?.headers["Authorization"] } == ["Token 1", "Token 2"])
        fixture.finish()
    }

    // MARK: Stopping

    @Test func stoppingClosesWhatIsOpen() throws {
        let fixture = try Fixture()
        fixture.serve()
        fixture.feed?.start()
        try fixture.run("a connection") { fixture.states.last == "open" }
        fixture.feed?.stop(.goingAway, reason: "enough")
        fixture.feed?.stop()
        try fixture.run("the end") { fixture.site.log.count(of: "close") == 1 }
        #expect(fixture.served[0].close?.code == .goingAway && fixture.served[0].close?.reason == "enough")
        try fixture.network.run(for: .seconds(60))
        #expect(fixture.states == ["connecting 0", "open", "stopped"] && fixture.served.count == 1)
        fixture.finish()
    }

    @Test func stoppingEndsADelay() throws {
        let fixture = try Fixture()
        fixture.feed?.start()
        try fixture.run("a delay") { fixture.states.last == "waiting 400" }
        fixture.feed?.stop()
        fixture.serve()
        try fixture.network.run(for: .seconds(60))
        #expect(fixture.states.last == "stopped" && fixture.served.isEmpty)
        fixture.finish()
    }

    @Test func stoppingGivesUpAnAttempt() throws {
        let fixture = try Fixture()
        var peers: [SimulatedPeer] = []
        fixture.network.answer(at: fixture.site.address) { peers.append($0) }
        fixture.feed?.start()
        try fixture.run("a request") { peers.first?.received.isEmpty == false }
        fixture.feed?.stop()
        try fixture.run("its end") { peers[0].isOver }
        try fixture.network.run(for: .seconds(60))
        #expect(fixture.states == ["connecting 0", "stopped"] && peers.count == 1)
        #expect(fixture.site.log.all.isEmpty)
        fixture.finish()
    }

    /// The callback may stop what calls it, and states come in order all the same.
    @Test func stoppingFromWithinTheCallback() throws {
        let later = Locked<ReconnectingWebSocket?>(nil)
        let fixture = try Fixture(onState: { state in
            if case .waiting = state { later.withLock { $0 }?.stop() }
        })
        later.withLock { $0 = fixture.feed }
        fixture.feed?.start()
        try fixture.run("the end") { fixture.states.last == "stopped" }
        try fixture.network.run(for: .seconds(10))
        #expect(fixture.states == ["connecting 0", "waiting 100", "stopped"])
        later.withLock { $0 = nil }
        fixture.finish()
    }

    @Test func whatNobodyKeepsStops() throws {
        let fixture = try Fixture()
        fixture.serve()
        fixture.feed?.start()
        try fixture.run("a connection") { fixture.states.last == "open" }
        fixture.feed = nil
        try fixture.run("the end") { fixture.site.log.count(of: "close") == 1 }
        #expect(fixture.states.last == "stopped")
        #expect(fixture.served[0].close?.code == .normalClosure)
        fixture.finish()
    }

    @Test func aLoopThatEndsIsTheEnd() throws {
        let fixture = try Fixture()
        fixture.feed?.start()
        try fixture.run("a delay") { fixture.states.last == "waiting 400" }
        fixture.site.client.shutdown(grace: .milliseconds(10))
        try fixture.run("the end") { fixture.states.last == "given up" }
        guard case .stopped(.failed(let error)) = fixture.last else { return }
        #expect(error.cause == .stopped)
        fixture.finish()
    }

    /// Attempts, timers and connections that were waited for keep nothing alive when all is over.
    @Test(arguments: [0, 1, 2])
    func nothingIsLeaked(stage: Int) throws {
        weak var client: WebSocketClient?
        weak var group: EventLoopGroup?
        do {
            let fixture = try Fixture()
            (client, group) = (fixture.site.client, fixture.site.client.group)
            if stage > 0 { fixture.serve { socket, _ in if stage == 2 { socket.sendClose(.goingAway) } } }
            fixture.feed?.start()
            let wanted = ["waiting 100", "open", "waiting 200"][stage]
            try fixture.run("a state") { fixture.states.contains(wanted) }
            #expect(client != nil && group != nil)
            fixture.finish()
            fixture.served = []
        }
        #expect(client == nil && group == nil)
    }
}
