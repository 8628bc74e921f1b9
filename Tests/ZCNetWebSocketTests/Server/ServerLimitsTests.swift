import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// What a server as a whole admits: who comes beyond is told so, and every place comes back.
@Suite struct ServerLimitsTests {
    static func site(
        loops: Int = 1, policy: UpgradePolicy = .open,
        _ configure: (inout WebSocketServer.Configuration) -> Void
    ) throws -> SimulatedSite {
        try SimulatedSite(loops: loops, configure: configure) { routes, log in
            routes.webSocket("/chat", policy: policy) { LoggingEcho(log: log) }
            routes.get("/health") { _ in HTTPResponse(status: 200, text: "fine\n") }
        }
    }

    static func isRefused(_ client: SimulatedWebSocket) -> Bool {
        client.response.hasPrefix("HTTP/1.1 503 ") && client.response.contains("Retry-After: 5")
    }

    @Test(arguments: [1, 2])
    func beyondTheMostConversationsOneIsToldToComeBack(loops: Int) throws {
        let site = try Self.site(loops: loops) { $0.limits.conversationsMax = 3 }
        let first = (0..<3).map { _ in site.connect("/chat") }
        try site.run("three") { first.allSatisfy(\.isUpgraded) }
        let late = site.connect("/chat")
        try site.run("a refusal") { Self.isRefused(late) }
        #expect(site.server.webSocketSnapshot()[.refusedConversationsMax] == 1)
        #expect(site.server.webSocketSnapshot().responses(status: 503) == 1)
        for client in first { client.sendClose() }
        try site.run("ends") { site.log.count(of: "close") == 3 }
        let next = (0..<3).map { _ in site.connect("/chat") }
        try site.run("three again") { next.allSatisfy(\.isUpgraded) }
        site.network.stop()
    }

    /// By the real address, of which 64 bits count in IPv6.
    @Test func aClientHasSoManyConversations() throws {
        let site = try Self.site {
            $0.limits.conversationsPerClientMax = 2
            $0.forwarded = ForwardedFor(trusting: [IPNetwork.loopback])
        }
        func connect(_ address: String) -> SimulatedWebSocket {
            site.connect("/chat", headers: ["X-Forwarded-For: \(address)"])
        }
        let mine = [connect("2001:db8::1"), connect("2001:db8::ffff:1")]
        try site.run("two of a network") { mine.allSatisfy(\.isUpgraded) }
        let third = connect("2001:db8::2")
        let others = [connect("2001:db8:0:1::1"), connect("203.0.113.1"), connect("203.0.113.2")]
        try site.run("the others") { others.allSatisfy(\.isUpgraded) && Self.isRefused(third) }
        #expect(site.server.webSocketSnapshot()[.refusedPerClient] == 1)
        mine[0].peer.reset()
        try site.run("an end") { site.log.count(of: "close") == 1 }
        let again = connect("2001:db8::3")
        try site.run("a place") { again.isUpgraded }
        site.network.stop()
    }

    /// A place is taken before the decision, and comes back however that goes.
    @Test func refusedAndForgottenHandshakesGiveTheirPlacesBack() throws {
        let promises = Locked<[UpgradePromise]>([])
        let site = try Self.site(policy: .later { _, promise in promises.withLock { $0.append(promise) } }) {
            $0.limits.conversationsMax = 1
            $0.handshakeTimeout = .seconds(2)
        }
        func ask(_ count: Int) throws -> SimulatedWebSocket {
            let client = site.connect("/chat")
            try site.run("the question") { promises.withLock { $0.count } == count }
            return client
        }
        let rejected = try ask(1)
        let crowd = site.connect("/chat")
        try site.run("the crowd's refusal") { Self.isRefused(crowd) }
        promises.withLock { $0[0] }.answer(.reject(status: 403))
        try site.run("the rejection") { rejected.response.contains(" 403 ") }
        let gone = try ask(2)
        gone.peer.reset()
        try site.network.run(for: .milliseconds(100))
        let forgotten = try ask(3)
        try site.run("the time's end") { forgotten.peer.isOver }
        let lucky = try ask(4)
        promises.withLock { $0[3] }.answer(.accept())
        try site.run("the upgrade") { lucky.isUpgraded }
        site.network.stop()
    }

    @Test func connectionsWithoutAConversationAreBounded() throws {
        let site = try Self.site { $0.limits.handshakesMax = 2 }
        let talking = site.connect("/chat")
        try site.run("an upgrade") { talking.isUpgraded }
        let silent = (0..<2).map { _ in site.network.connect(to: site.server.address) }
        try site.network.run(for: .milliseconds(100))
        let beyond = site.network.connect(to: site.server.address)
        try site.run("a reset") { silent[0].wasReset }
        #expect(!silent[1].isOver && !beyond.isOver)
        #expect(site.server.webSocketSnapshot()[.refusedHandshakesMax] == 1)
        silent[1].close()
        try site.network.run(for: .milliseconds(100))
        let next = site.connect("/chat")
        try site.run("another upgrade") { next.isUpgraded }
        // That one is no handshake any more.
        let after = site.network.connect(to: site.server.address)
        try site.network.run(for: .milliseconds(100))
        #expect(!after.isOver && !beyond.isOver)
        site.network.stop()
    }

    /// By default strangers who say nothing have half of the places, and those who talk go on.
    @Test func silentStrangersLeaveHalfOfThePlaces() throws {
        let reached = Locked<[RejectionReason: Int]>([:])
        struct Told: Observer {
            let reached: Locked<[RejectionReason: Int]>
            func limitReached(_ limit: RejectionReason, count: Int, loop: Int) {
                reached.withLock { $0[limit, default: 0] += count }
            }
        }
        var group = EventLoopGroup.Configuration()
        group.observer = Told(reached: reached)
        let site = try SimulatedSite(group: group, configure: { $0.tcp.connectionsMax = 200 })
        let talking = (0..<50).map { _ in site.connect() }
        try site.run("conversations") { talking.allSatisfy(\.isUpgraded) }
        let silent = (0..<140).map { _ in site.network.connect(to: site.server.address) }
        try site.network.run(for: .milliseconds(100))
        #expect(silent.count(where: \.wasReset) == 40)
        #expect(site.server.webSocketSnapshot()[.refusedHandshakesMax] == 40)
        #expect(reached.withLock { $0 } == [.handshakesMax: 1])
        for client in talking { client.send("still here") }
        try site.run("echoes") { talking.allSatisfy { $0.messages.count == 1 } }
        // Their time ends, and others come in.
        try site.network.run(for: .seconds(11))
        let late = (0..<60).map { _ in site.connect() }
        try site.run("more conversations") { late.allSatisfy(\.isUpgraded) }
        site.network.stop()
    }

    /// While all places are taken, strangers have a second: at few connections as at many, they keep nobody
    /// out for longer, however much time a handshake has.
    @Test(arguments: [(10, 0), (10, 6), (64, 1), (200, 150)])
    func strangersWhoTakeTheLastPlacesHaveASecond(_ connections: Int, _ conversations: Int) throws {
        let reached = Locked<[RejectionReason: Int]>([:])
        struct Told: Observer {
            let reached: Locked<[RejectionReason: Int]>
            func limitReached(_ limit: RejectionReason, count: Int, loop: Int) {
                reached.withLock { $0[limit, default: 0] += 1 }
            }
        }
        var group = EventLoopGroup.Configuration()
        group.observer = Told(reached: reached)
        let site = try SimulatedSite(
            group: group,
            configure: {
                $0.tcp.connectionsMax = connections
                $0.handshakeTimeout = .seconds(600)
                $0.options.pingInterval = nil
            })
        var talking: [SimulatedWebSocket] = []
        while talking.count < conversations {
            // No more at once than may be without a conversation.
            talking += (0..<min(50, conversations - talking.count)).map { _ in site.connect() }
            try site.run("conversations") { talking.allSatisfy(\.isUpgraded) }
        }
        let silent = (conversations..<connections).map { number in
            let peer = site.network.connect(to: site.server.address)
            if number % 2 == 0 { peer.send("GET /chat HT") }
            return peer
        }
        // While there is nobody else, they have all of their time.
        try site.network.run(for: .milliseconds(900))
        #expect(silent.allSatisfy { !$0.isOver })
        let start = site.network.elapsed
        let late = site.connect()
        try site.run("the upgrade") { late.isUpgraded }
        #expect(site.network.elapsed - start < .milliseconds(1100))
        #expect(silent.contains { $0.wasReset } && talking.allSatisfy { !$0.peer.isOver })
        #expect(site.server.webSocketSnapshot()[.refusedHandshakesMax] > 0)
        #expect(reached.withLock { $0[.handshakesMax] } == 1)
        site.network.stop()
    }

    /// Few connections are not halved: whoever allows ten may mean ten at once. What strangers do there is
    /// bounded by `strangersWhoTakeTheLastPlacesHaveASecond`.
    @Test(arguments: [(1, 1), (10, 10), (64, 64), (100, 64), (200, 100)])
    func handshakesAreHalfOfMany(_ connections: Int, _ handshakes: Int) {
        let admission = HandshakeAdmission(nil, ofConnections: connections)
        var count = 0
        while count < 1000, case .admitted = admission?.begin(HandshakePlacesTests.pending(count)) {
            count += 1
        }
        #expect(count == handshakes && admission?.count == handshakes)
        #expect(HandshakeAdmission(nil, ofConnections: nil) == nil)
    }

    /// Cross-site WebSocket hijacking: by default only pages of the server's own host may connect.
    @Test func pagesFromElsewhereAreRefusedByDefault() throws {
        let reached = Locked(0)
        struct Told: Observer {
            let reached: Locked<Int>
            func limitReached(_ limit: RejectionReason, count: Int, loop: Int) {
                if limit == .origins { reached.withLock { $0 += count } }
            }
        }
        var group = EventLoopGroup.Configuration()
        group.observer = Told(reached: reached)
        let site = try SimulatedSite(group: group)
        let others = ["https://evil.example", "http://simulated:8080", "null", "", "file://"]
        for other in others {
            let socket = site.connect(headers: ["Origin: \(other)"])
            try site.run("a refusal of \(other)") { socket.response.hasPrefix("HTTP/1.1 403 ") }
            let text = String(decoding: socket.peer.received, as: UTF8.self)
            #expect(text.contains("got one of") && text.contains("configuration.origins can list others"))
        }
        let good = ["Origin: http://simulated", "Origin: https://SIMULATED", "X-None: "].map {
            site.connect(headers: [$0])
        }
        try site.run("conversations") { good.allSatisfy(\.isUpgraded) }
        #expect(site.server.webSocketSnapshot()[.refusedOrigins] == others.count)
        #expect(reached.withLock { $0 } == 1)
        site.network.stop()
    }

    @Test func noConversationBeginsWhileTooMuchOutputWaits() throws {
        let site = try Self.site {
            $0.limits.queuedBytesMax = 100_000
            $0.options.connection.pausesReadingUnderPressure = false
        }
        let slow = site.connect("/chat")
        try site.run("an upgrade") { slow.isUpgraded }
        slow.peer.pauseReading()
        for _ in 0..<12 { slow.send(binary: [UInt8](repeating: 1, count: 100_000)) }
        try site.run("pressure") { site.server.snapshot()[.queuedBytes] > 100_000 }
        let late = site.connect("/chat")
        try site.run("a refusal") { Self.isRefused(late) }
        #expect(site.server.webSocketSnapshot()[.refusedQueuedBytes] == 1)
        slow.peer.resumeReading()
        try site.run("relief") { site.server.snapshot()[.queuedBytes] == 0 }
        let next = site.connect("/chat")
        try site.run("an upgrade") { next.isUpgraded }
        site.network.stop()
    }

    @Test func theTableForgetsWhoIsGone() {
        var limits = ServerLimits()
        limits.conversationsPerClientMax = 2
        let admission = ConversationAdmission(limits)
        for host in 0..<1000 {
            let client = IPAddress(v4: UInt32(host))
            #expect(admission?.admit(client) == .admitted)
            #expect(admission?.admit(client) == .admitted)
            #expect(admission?.admit(client) == .perClientMax)
            admission?.leave(client)
            admission?.leave(client)
        }
        #expect(admission?.clientCount == 0)
        #expect(ConversationAdmission(ServerLimits()) == nil)
    }

    /// The TCP layer's own limit counts networks, too.
    @Test func perAddressMaxCountsANetworkOfIPv6() throws {
        let site = try SimulatedSite(configure: { $0.tcp.perAddressMax = 1 }) { routes, log in
            routes.webSocket { LoggingEcho(log: log) }
        }
        func connect(_ text: String) -> SimulatedPeer {
            site.network.connect(to: site.server.address, from: IPAddress(text))
        }
        let first = connect("2001:db8::1")
        try site.network.run(for: .milliseconds(50))
        let (neighbour, other) = (connect("2001:db8::2"), connect("2001:db8:0:1::2"))
        try site.run("a reset") { neighbour.wasReset }
        #expect(!first.isOver && !other.isOver)
        site.network.stop()
    }
}

extension IPNetwork {
    /// This machine, for tests.
    static let loopback: IPNetwork = {
        guard let network = try? IPNetwork(parsing: "127.0.0.0/8") else { preconditionFailure("no network") }
        return network
    }()
}
