import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Decisions made elsewhere: clients that leave, send, or ask again meanwhile.
@Suite struct LateDecisionTests {
    /// The questions that were asked, to be answered by the test.
    final class Questions: Sendable {
        private let all = Locked<[UpgradePromise]>([])
        var count: Int { all.withLock { $0.count } }
        func answer(_ index: Int, _ decision: UpgradeDecision) { all.withLock { $0[index] }.answer(decision) }
        var policy: UpgradePolicy { .later { [all] _, promise in all.withLock { $0.append(promise) } } }
    }

    static func site(
        _ questions: Questions, _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedSite { try RoutesTests.site(policy: questions.policy, configure: configure) }

    static func request(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: c2ltdWxhdGVkIG5vbmNlIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    }

    @Test(arguments: [true, false])
    func aClientThatLeftIsForgotten(isReset: Bool) throws {
        let questions = Questions()
        let site = try Self.site(questions)
        let client = site.connect("/chat")
        try site.run("the question") { questions.count == 1 }
        if isReset { client.peer.reset() } else { client.peer.close() }
        try site.network.run(for: .milliseconds(100))
        questions.answer(0, .accept())
        try site.run("the end") { site.server.connectionCount == 0 }
        // Either nobody was there any more, or the conversation began and ended in order.
        #expect(site.log.count(of: "open") == site.log.count(of: "close"))
        #expect(site.server.webSocketSnapshot()[.conversations] == 0)
        site.network.stop()
    }

    @Test func whatIsSentMeanwhileIsBoundedAndKept() throws {
        let questions = Questions()
        let site = try Self.site(questions)
        let client = site.connect("/chat")
        try site.run("the question") { questions.count == 1 }
        let messages = (0..<64).map { [UInt8](repeating: UInt8($0), count: 50_000) }
        for message in messages { client.send(binary: message) }
        try site.network.run(for: .seconds(1))
        // The rest waits in the kernels and at the client.
        #expect(site.server.snapshot()[.bytesIn] <= 1 << 20)
        questions.answer(0, .accept())
        try site.run("all echoes") { client.messages.count == 64 }
        #expect(client.messages == messages.map { .binary($0) })
        site.network.stop()
    }

    /// A client that wants to try with a key connects anew.
    @Test func aRejectionEndsTheConnection() throws {
        let questions = Questions()
        let site = try Self.site(questions)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.request("/chat") + "GET /health HTTP/1.1\r\nHost: h\r\n\r\n")
        try site.run("the question") { questions.count == 1 }
        #expect(peer.received.isEmpty)
        questions.answer(0, .reject(status: 401, text: "a key, please\n"))
        try site.run("the end") { peer.isEnded }
        #expect(RequestTests.statuses(peer) == ["401"])
        site.network.stop()
    }

    /// An answer that comes twice must not decide about anything else: what follows a request that was turned
    /// away is not even asked about.
    @Test func anOldAnswerDecidesNothingNew() throws {
        let questions = Questions()
        let site = try Self.site(questions)
        let peer = site.network.connect(to: site.server.address)
        peer.send(Self.request("/chat?first") + Self.request("/chat?second"))
        try site.run("the first question") { questions.count == 1 }
        questions.answer(0, .reject(status: 401))
        questions.answer(0, .accept())
        try site.run("the end") { peer.isEnded }
        questions.answer(0, .accept())
        try site.network.run(for: .milliseconds(100))
        #expect(RequestTests.statuses(peer) == ["401"] && questions.count == 1)
        #expect(site.log.all.isEmpty)
        site.network.stop()
    }

    @Test func aDecisionThatTakesTooLongIsTheServersFault() throws {
        let questions = Questions()
        let site = try Self.site(questions) { $0.handshakeTimeout = .seconds(3) }
        let client = site.connect("/chat")
        try site.run("the end") { client.peer.isOver && site.server.connectionCount == 0 }
        #expect(client.response.hasPrefix("HTTP/1.1 503 "))
        #expect(client.response.contains("Retry-After: 5"))
        #expect(site.server.snapshot()[.closedTimeout] == 1)
        questions.answer(0, .accept())
        try site.network.run(for: .milliseconds(100))
        #expect(site.log.all.isEmpty)
        site.network.stop()
    }

    @Test func aShutdownDoesNotWaitForDecisions() throws {
        let questions = Questions()
        let site = try Self.site(questions)
        let client = site.connect("/chat")
        try site.run("the question") { questions.count == 1 }
        site.server.shutdown(grace: .seconds(5))
        try site.run("the end") { client.peer.isOver }
        questions.answer(0, .accept())
        try site.network.run(for: .milliseconds(100))
        #expect(site.log.all.isEmpty)
        #expect(site.network.elapsed < .seconds(5))
        site.network.stop()
    }

    /// What the handler decides about reading in `onOpen` stands.
    @Test func aHandlerThatPausesAtOnceIsPaused() throws {
        let questions = Questions()
        let site = try SimulatedSite(configure: { _ in }) { routes, log in
            routes.webSocket("/chat", policy: questions.policy) { Reserved(log: log) }
        }
        let client = site.connect("/chat")
        client.send("early")
        try site.run("the question") { questions.count == 1 }
        questions.answer(0, .accept())
        try site.run("the upgrade") { client.isUpgraded }
        try site.network.run(for: .milliseconds(20))
        #expect(site.log.all == ["open"])
        try site.run("the message") { site.log.all == ["open", "message"] }
        site.network.stop()
    }

    struct Reserved: WebSocketHandler {
        let log: SimulatedSite.Log
        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            log.add("open")
            peer.pauseReading()
            peer.schedule(after: .milliseconds(100), tag: 1)
        }
        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) {
            peer.resumeReading()
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            log.add("message")
        }
    }

    // MARK: What a decision found out

    struct User: Sendable, Equatable {
        let name: String
    }

    struct Greeter: WebSocketHandler {
        let log: SimulatedSite.Log

        func makeState() -> User? { nil }

        mutating func onOpen(_ peer: inout WebSocketConnection<User?>, _ upgrade: WebSocketUpgrade) {
            peer.state = upgrade.context()
            log.add("\(peer.state?.name ?? "nobody"), \(upgrade.context(as: Int.self) ?? -1)")
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<User?>) {
            peer.send(peer.state?.name ?? "nobody")
        }
    }

    static let decisions: [(UpgradeDecision, String)] = [
        (.accept(context: User(name: "Ada")), "Ada, -1"),
        (.accept(subprotocol: nil, context: 7), "nobody, 7"),
        (.accept(), "nobody, -1"),
    ]

    /// A login's result is there when the conversation begins, whenever it was known.
    @Test(arguments: decisions, [true, false])
    func whatTheDecisionFoundOutIsThereInOnOpen(_ decided: (UpgradeDecision, String), isLate: Bool) throws {
        let questions = Questions()
        let site = try SimulatedSite(routes: { routes, log in
            let policy = isLate ? questions.policy : .decide { _ in decided.0 }
            routes.webSocket("/", policy: policy) { Greeter(log: log) }
        })
        let client = site.connect("/")
        if isLate {
            try site.run("the question") { questions.count == 1 }
            questions.answer(0, decided.0)
        }
        client.send("who?")
        try site.run("an answer") { !client.messages.isEmpty }
        #expect(site.log.all == [decided.1])
        #expect(client.messages == [.text(decided.1.prefix { $0 != "," }.description)])
        site.network.stop()
    }
}
