import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Strangers, who each hold less than what a conversation needs, take no memory from conversations, however
/// many of them there are.
@Suite struct StrangerMemoryTests {
    /// A head that lacks its end, just below the limit of 16 KiB.
    static func unfinishedHead(_ count: Int = 16_000) -> String {
        let begin = "GET /chat HTTP/1.1\r\nHost: a\r\n"
        let field = "X: " + String(repeating: "x", count: 4000) + "\r\n"
        var head = begin
        while head.utf8.count + field.utf8.count < count { head += field }
        return head + "X: " + String(repeating: "x", count: max(0, count - head.utf8.count - 3))
    }

    /// What a server in a simulated network is told, and what its sends came to.
    final class Ledger: Sendable {
        struct State {
            var refusedSends = 0
            var evicted: [ConnectionID] = []
            var closes: [String] = []
        }
        private let state = Locked(State())
        var now: State { state.withLock { $0 } }
        func note(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    }

    struct Told: Observer {
        let ledger: Ledger
        func connectionEvicted(_ id: ConnectionID, bytes: Int) { ledger.note { $0.evicted.append(id) } }
    }

    /// Answers with how long the message was, or with as many bytes as it is asked for.
    struct Accountant: WebSocketHandler {
        let ledger: Ledger

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let asked = message.isText ? Int(message.text) : nil
            if let asked {
                // SAFETY: bytes have no padding.
                let bytes = [UInt8](repeating: 7, count: asked)
                take(peer.send(binary: unsafe bytes.span.bytes))
            } else {
                take(peer.send("got \(message.payload.count)"))
            }
        }

        private func take(_ result: SendResult) {
            if !result.isAccepted { ledger.note { $0.refusedSends += 1 } }
        }

        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            ledger.note { $0.closes.append("\(reason)") }
        }
    }

    static func site(
        _ ledger: Ledger, memory: Int = 2 << 20, seed: UInt64 = 1, faults: SimulatedFaults = .none,
        sending: SimulatedSending = .direct
    ) throws -> SimulatedSite {
        var group = EventLoopGroup.Configuration()
        group.limits.memoryBytesMax = memory
        group.limits.chunkBytes = 64 << 10
        group.observer = Told(ledger: ledger)
        func options(takeover: Bool) -> WebSocketOptions {
            var options = WebSocketOptions()
            options.messageBytesMax = 256 << 10
            options.pingInterval = nil
            #if Deflate
            var deflate = DeflateOptions()
            deflate.clientNoContextTakeover = !takeover
            deflate.serverNoContextTakeover = !takeover
            options.deflate = deflate
            #endif
            return options
        }
        return try SimulatedSite(
            seed: seed, faults: faults, sending: sending, group: group,
            configure: { $0.handshakeTimeout = .seconds(600) }
        ) { routes, _ in
            for takeover in [false, true] {
                routes.webSocket(takeover ? "/takeover" : "/chat", options: options(takeover: takeover)) {
                    Accountant(ledger: ledger)
                }
            }
            routes.webSocket("/undecided", policy: .later { _, _ in }) { Accountant(ledger: ledger) }
            routes.get("/page") { _ in HTTPResponse(status: 200, text: String(repeating: "p", count: 9000)) }
        }
    }

    /// Conversations that have begun.
    static func talk(
        _ site: SimulatedSite, _ count: Int, path: String = "/chat", isCompressed: Bool = true
    ) throws -> [SimulatedWebSocket] {
        let headers = isCompressed ? ["Sec-WebSocket-Extensions: permessage-deflate"] : []
        let sockets = (0..<count).map { _ in site.connect(path, headers: headers) }
        try site.run("\(count) conversations") { sockets.allSatisfy(\.isUpgraded) }
        return sockets
    }

    // MARK: Who goes

    /// Two hundred unfinished heads of 16 KiB fill 2 MiB; then conversations need memory for fragments, for
    /// decompressors, and for output.
    @Test func strangersGoBeforeAnyConversationIsRefused() throws {
        let ledger = Ledger()
        let site = try Self.site(ledger)
        let host = MemoryBoundTests.host(site)
        let talking =
            try Self.talk(site, 2, isCompressed: false) + Self.talk(site, 4)
            + Self.talk(site, 2, path: "/takeover")
        let strangers = (0..<200).map { _ in site.network.connect(to: site.server.address) }
        for stranger in strangers { stranger.send(Self.unfinishedHead()) }
        try site.network.run(for: .milliseconds(100))
        #expect(host.budget.bytes > 3 << 19 && ledger.now.evicted.count > 50)
        // They have only made one another go.
        #expect(talking.allSatisfy { !$0.peer.isOver })
        talking[0].send(frame: 0x02, [UInt8](repeating: 1, count: 100_000))
        talking[0].send(frame: 0x00, [UInt8](repeating: 1, count: 100_000))
        talking[1].peer.pauseReading()
        for _ in 0..<3 { talking[1].send("100000") }
        var expected = [0, 0] + Array(repeating: 1, count: 6)
        #if Deflate
        let frames = try CompressedSessionTests.frames(
            [UInt8](repeating: 0, count: 200_000), opcode: 2, size: 50)
        for socket in talking[2...] { socket.peer.send(frames) }
        #else
        for socket in talking[2...] { socket.send("5") }
        #endif
        try site.network.run(for: .milliseconds(100))
        talking[0].send(frame: 0x80, [2])
        talking[1].peer.resumeReading()
        expected[0] = 1
        expected[1] = 3
        try site.run("all answers") { talking.map(\.messages.count) == expected }
        #expect(ledger.now.closes == [] && ledger.now.refusedSends == 0)
        #expect(host.auditMemory() == [])
        site.network.stop()
    }

    /// Of strangers, who has held memory for the longest goes; a newcomer's head may come in two pieces.
    @Test func theStrangerThatBeganToHoldFirstGoesFirst() throws {
        let ledger = Ledger()
        let site = try Self.site(ledger)
        // What holds nothing is not in the way.
        let silent = (0..<50).map { _ in site.network.connect(to: site.server.address) }
        let strangers = (0..<100).map { _ in site.network.connect(to: site.server.address) }
        for stranger in strangers {
            stranger.send(Self.unfinishedHead())
            try site.network.run(for: .milliseconds(1))
        }
        try site.network.run(for: .milliseconds(20))
        let gone = strangers.prefix { $0.wasReset }.count
        #expect(gone > 10 && strangers[gone...].allSatisfy { !$0.isOver }, "\(gone)")
        let newcomer = site.network.connect(to: site.server.address)
        newcomer.send("GET /page HTTP/1.1\r\nHost:")
        try site.network.run(for: .milliseconds(20))
        newcomer.send(" a\r\n\r\n")
        try site.run("the page") { newcomer.received.count > 9000 }
        #expect(silent.allSatisfy { !$0.isOver })
        site.network.stop()
    }

    /// Where conversations hold the memory, it is the stranger that is turned away.
    @Test func aStrangerEndsNoConversation() throws {
        let ledger = Ledger()
        let site = try Self.site(ledger)
        let host = MemoryBoundTests.host(site)
        let talking = try Self.talk(site, 2)
        for socket in talking { socket.send(frame: 0x02, [UInt8](repeating: 1, count: 200_000)) }
        try site.network.run(for: .milliseconds(20))
        let others = host.budget.available - 10_000
        host.budget.charge(others, for: .requests)
        try site.network.run(for: .seconds(2))
        let stranger = site.network.connect(to: site.server.address)
        stranger.send(Self.unfinishedHead())
        try site.run("the stranger's end") { stranger.isOver }
        #expect(talking.allSatisfy { $0.close == nil } && ledger.now.evicted == [])
        host.budget.release(others, for: .requests)
        for socket in talking { socket.send(frame: 0x80, [2]) }
        try site.run("answers") { talking.allSatisfy { $0.messages == [.text("got 200001")] } }
        #expect(host.auditMemory() == [])
        site.network.stop()
    }

    /// Who is refused and does not read why, and who waits for a decision, is a stranger still.
    @Test func theRefusedAndTheUndecidedAreStrangers() throws {
        let ledger = Ledger()
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (4096, 2048)
        let site = try Self.site(ledger, memory: 1 << 20, faults: faults)
        let host = MemoryBoundTests.host(site)
        let talking = try Self.talk(site, 1)[0]
        let page = "GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let head = """
            GET /undecided HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
            X: \(String(repeating: "x", count: 8000))\r\n\r\n
            """
        let strangers = (0..<40).map { number in
            let peer = site.network.connect(to: site.server.address)
            peer.pauseReading()
            peer.send(number % 2 == 0 ? page : head)
            return peer
        }
        try site.network.run(for: .milliseconds(100))
        #expect(host.budget[.requests] > 100_000 && host.metrics[.queuedBytes] > 50_000)
        talking.send(frame: 0x02, [UInt8](repeating: 1, count: 240_000))
        try site.network.run(for: .milliseconds(20))
        let others = host.budget.available
        host.budget.charge(others, for: .requests)
        talking.send(frame: 0x80, [UInt8](repeating: 1, count: 16_000))
        try site.run("the answer") { talking.messages == [.text("got 256000")] }
        #expect(ledger.now.closes == [] && ledger.now.evicted.count > 5)
        host.budget.release(others, for: .requests)
        // All of them can go.
        host.endStrangers(nil) { false }
        try site.network.run(for: .milliseconds(20))
        #expect(ledger.now.evicted.count == 40 && host.connectionCount == 1)
        #expect(strangers.allSatisfy { $0.isOver || $0.wasReset })
        #expect(host.auditMemory() == [])
        site.network.stop()
    }

    /// The row in which the host keeps strangers does not grow with those that have gone.
    @Test func strangersThatHaveGoneAreForgotten() throws {
        let site = try Self.site(Ledger())
        let host = MemoryBoundTests.host(site)
        for _ in 0..<100 {
            let peers = (0..<20).map { _ in site.network.connect(to: site.server.address) }
            for peer in peers { peer.send("GET /chat HT") }
            try site.network.run(for: .milliseconds(5))
            for peer in peers { peer.reset() }
            try site.network.run(for: .milliseconds(5))
        }
        #expect(host.state[].strangers.placeCount < 200)
        site.network.stop()
    }

    // MARK: From a seed

    #if DEBUG
    static let seeds: Range<UInt64> = 0..<1
    static let steps = 250
    #else
    static let seeds: Range<UInt64> = 0..<20
    static let steps = 1000
    #endif

    /// Hundreds of strangers do what strangers may, and a few conversations what is asked of them, which is
    /// never refused.
    @Test(arguments: seeds, SimulatedSending.allCases)
    func strangersNeverCostAConversation(seed: UInt64, sending: SimulatedSending) throws {
        var faults = SimulatedFaults()
        (faults.receiveBufferBytes, faults.sendBufferBytes, faults.segmentBytesMax) =
            (16 << 10, 16 << 10, 16 << 10)
        if seed % 2 > 0 {
            faults.shortWrites = 0.2
            faults.reorders = true
            faults.lentReceptions = 0.5
            faults.delays = 0.1
        }
        let ledger = Ledger()
        let site = try Self.site(ledger, seed: seed, faults: faults, sending: sending)
        let host = MemoryBoundTests.host(site)
        var crowd = Crowd(seed: seed, site)
        let talking =
            try Self.talk(site, 2, isCompressed: false) + Self.talk(site, 3)
            + Self.talk(site, 3, path: "/takeover")
        var expected = Array(repeating: 0, count: talking.count)
        for step in 0..<Self.steps {
            for _ in 0..<6 { crowd.act() }
            let number = step % talking.count
            let socket = talking[number]
            if number < 2 {
                // These are slow to read what they ask for.
                if step % 16 < 8 { socket.peer.pauseReading() } else { socket.peer.resumeReading() }
                if socket.messages.count == expected[number] {
                    socket.send("60000")
                    expected[number] += 1
                }
            } else if socket.messages.count == expected[number] {
                socket.peer.send(try crowd.message())
                expected[number] += 1
            }
            var complaints: [String] = []
            try site.network.run(turnsMax: 6) {
                complaints = host.auditMemory()
                return !complaints.isEmpty || host.budget.bytes > host.budget.bytesMax
            }
            try #require(complaints.isEmpty, "seed \(seed): \(complaints)")
            try #require(host.budget.bytes <= host.budget.bytesMax, "seed \(seed)")
        }
        for socket in talking { socket.peer.resumeReading() }
        try site.run("all answers") { talking.map(\.messages.count) == expected }
        #expect(ledger.now.closes == [] && ledger.now.refusedSends == 0, "seed \(seed): \(ledger.now)")
        #expect(ledger.now.evicted.count > 100 && expected.allSatisfy { $0 > 1 }, "seed \(seed)")
        #expect(crowd.most > 100, "seed \(seed): \(crowd.most)")
        site.network.stop()
        #expect(host.auditMemory() == [] && host.budget.bytes == 0)
    }

    /// Strangers of all kinds, drawn from a seed.
    private struct Crowd {
        private var random: SimulatedRandom
        private let site: SimulatedSite
        private var peers: [SimulatedPeer] = []
        private(set) var most = 0

        init(seed: UInt64, _ site: SimulatedSite) {
            random = SimulatedRandom(seed: seed &+ 41)
            self.site = site
        }

        mutating func act() {
            let peer = site.network.connect(to: site.server.address)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: peer.send("GET /chat HTTP/1.1\r\nHost: a\r\n" + String(repeating: "x:y\r\n", count: 90))
            case 1:
                peer.pauseReading()
                for _ in 0..<4 { peer.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n") }
            case 2:
                let head = StrangerMemoryTests.unfinishedHead(random.size(upTo: 16_000))
                peer.send("GET /undecided" + head.dropFirst(9) + "\r\n\r\n")
            case 3: peer.send("GET /none HTTP/1.1\r\nX: " + String(repeating: "x", count: 9000))
            default: peer.send(StrangerMemoryTests.unfinishedHead(16_000 - random.size(upTo: 100)))
            }
            peers.append(peer)
            if random.next() % 4 == 0 { peers.randomElement(using: &random)?.send("y") }
            if random.next() % 8 == 0 { peers.randomElement(using: &random)?.reset() }
            peers.removeAll { $0.isOver || $0.didReset }
            if peers.count > 400 { peers.removeFirst().reset() }
            most = max(most, peers.count)
        }

        /// Frames of a message of a conversation.
        mutating func message() throws -> [UInt8] {
            let bytes = [UInt8](repeating: 0, count: 1000 + random.size(upTo: 120_000))
            #if Deflate
            if random.next() & 1 == 0 {
                return try CompressedSessionTests.frames(bytes, opcode: 2, size: 60)
            }
            #endif
            let half = bytes.count / 2
            return SessionFeeder.frame(0x02, Array(bytes[..<half]))
                + SessionFeeder.frame(0x80, Array(bytes[half...]))
        }
    }
}
