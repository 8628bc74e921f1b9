import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// Connections without a conversation, when their places are taken: the oldest goes, and nobody is shut out.
@Suite struct HandshakePlacesTests {
    /// A connection by its number, on no loop.
    static func pending(_ number: Int) -> PendingHandshake {
        let id = ConnectionID(rawValue: UInt64(number + 1) << 38)
        return PendingHandshake(
            remote: RemoteConnection(id: id, siblings: SiblingHosts(numbers)), role: 0)
    }

    private static let numbers: LoopNumbers = {
        guard let numbers = LoopNumbers(count: 1) else { preconditionFailure("no numbers") }
        return numbers
    }()

    /// Against a plain array; what has left is not kept.
    @Test(arguments: 0..<10)
    func theOldestThatMayGoDoes(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        var places = HandshakePlaces()
        var naive: [(id: ConnectionID, isHeld: Bool)] = []
        var known: [PendingHandshake] = []
        for number in 0..<3000 {
            switch random.next() % 8 {
            case 0..<4:
                known.append(Self.pending(number))
                places.enter(known[known.count - 1])
                naive.append((known[known.count - 1].remote.id, false))
            case 4, 5:
                guard let some = known.randomElement(using: &random) else { continue }
                places.leave(some.remote.id)
                naive.removeAll { $0.id == some.remote.id }
            case 6:
                guard let some = known.randomElement(using: &random) else { continue }
                places.hold(some.remote.id)
                if let index = naive.firstIndex(where: { $0.id == some.remote.id }) {
                    naive[index].isHeld = true
                }
            default:
                let index = naive.firstIndex { !$0.isHeld }
                let oldest = places.takeOldest()?.remote.id
                #expect(oldest == index.map { naive[$0].id }, "seed \(seed)")
                if let index { naive.remove(at: index) }
            }
            #expect(places.count == naive.count)
            #expect(places.rowCount <= 2 * places.count + 66)
        }
    }

    /// Strangers who say nothing take all places, and open another connection for each that they lose: an
    /// honest client gets in at once, a crowd of them too, and nobody who talks is ended.
    @Test(arguments: [1, 2], [false, true])
    func silentStrangersShutNobodyOut(loops: Int, isSayingSomething: Bool) throws {
        let site = try ServerLimitsTests.site(loops: loops) {
            $0.limits.handshakesMax = 50
            $0.handshakeTimeout = .seconds(60)
        }
        let talking = (0..<10).map { _ in site.connect("/chat") }
        try site.run("conversations") { talking.allSatisfy(\.isUpgraded) }
        var strangers: [SimulatedPeer] = []
        func stranger() {
            let peer = site.network.connect(to: site.server.address)
            if isSayingSomething { peer.send("GET /chat HT") }
            strangers.append(peer)
        }
        for _ in 0..<60 { stranger() }
        try site.network.run(for: .milliseconds(20))
        #expect(strangers.count(where: \.isOver) == 10)
        // Two loops may get to their connections in another order.
        let areFirst = strangers.prefix(10).allSatisfy { $0.wasReset }
        #expect(areFirst || loops > 1)
        var clients: [SimulatedWebSocket] = []
        for _ in 0..<40 {
            let start = site.network.elapsed
            clients.append(site.connect("/chat"))
            for _ in 0..<5 { stranger() }
            let client = clients[clients.count - 1]
            try site.run("the upgrade") { client.isUpgraded }
            #expect(site.network.elapsed - start < .milliseconds(50))
        }
        let crowd = (0..<30).map { _ in site.connect("/chat") }
        try site.run("the crowd's upgrades") { crowd.allSatisfy(\.isUpgraded) }
        for client in talking + clients + crowd { client.send("still here") }
        try site.run("echoes") { (talking + clients + crowd).allSatisfy { $0.messages.count == 1 } }
        #expect(site.log.count(of: "close") == 0, "no conversation was ended")
        let open = strangers.count { !$0.isOver }
        #expect(open <= 50 && open > 0)
        // All places come back.
        for peer in strangers { peer.reset() }
        try site.network.run(for: .milliseconds(100))
        #expect(site.server.connectionCount == 80)
        let late = (0..<50).map { _ in site.network.connect(to: site.server.address) }
        try site.network.run(for: .milliseconds(100))
        #expect(late.allSatisfy { !$0.isOver })
        site.network.stop()
    }

    /// Who waits for the application is not ended for strangers, nor who takes an answer while others do not.
    @Test func whoIsBeingServedStays() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let questions = LateDecisionTests.Questions()
        let site = try SimulatedSite(
            faults: faults, configure: { $0.limits.handshakesMax = 6 }
        ) { routes, log in
            routes.webSocket("/chat", policy: questions.policy) { LoggingEcho(log: log) }
            routes.get("/large") { _ in HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 90_000))
            }
        }
        let waiting = (0..<2).map { _ in site.connect("/chat") }
        let downloads = (0..<2).map { _ in site.network.connect(to: site.server.address) }
        for peer in downloads {
            peer.pauseReading()
            peer.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        try site.run("the questions") { questions.count == 2 }
        let strangers = (0..<100).map { _ in site.network.connect(to: site.server.address) }
        try site.network.run(for: .milliseconds(100))
        #expect(strangers.count(where: \.wasReset) == 98 && !downloads.contains(where: \.isOver))
        for index in 0..<2 { questions.answer(index, .accept()) }
        for peer in downloads { peer.resumeReading() }
        try site.run("all of it") {
            waiting.allSatisfy(\.isUpgraded) && downloads.allSatisfy { $0.received.count > 90_000 }
        }
        site.network.stop()
    }

    /// Where the application decides about all that there are, the newcomer is reset.
    @Test func noDecisionIsCutShort() throws {
        let questions = LateDecisionTests.Questions()
        let site = try SimulatedSite(configure: { $0.limits.handshakesMax = 3 }) { routes, log in
            routes.webSocket("/chat", policy: questions.policy) { LoggingEcho(log: log) }
        }
        let waiting = (0..<3).map { _ in site.connect("/chat") }
        try site.run("the questions") { questions.count == 3 }
        let beyond = site.connect("/chat")
        try site.run("a reset") { beyond.peer.wasReset }
        questions.answer(0, .reject(status: 403))
        questions.answer(1, .accept())
        try site.run("the answers") { waiting[1].isUpgraded && waiting[0].peer.isOver }
        let next = (0..<2).map { _ in site.connect("/chat") }
        try site.run("two more questions") { questions.count == 5 }
        #expect(next.allSatisfy { !$0.peer.isOver } && !waiting[2].peer.isOver)
        site.network.stop()
    }
}
