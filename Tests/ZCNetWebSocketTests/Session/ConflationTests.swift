import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Messages with keys to a slow reader whose policy is `conflate`: it gets the latest of each, as whole
/// frames and in order, and control frames as always.
@Suite struct ConflationTests {
    static let keys = 3
    static let rounds = 400

    /// A message that tells its key and round, and is as long as the round says: some are too short to be
    /// compressed.
    static func value(_ key: Int, _ round: Int) -> String {
        var random = SimulatedRandom(seed: UInt64(key * 1000 + round))
        // Letters that do not compress to nothing, or nobody would be slow.
        let letters = (0..<(round % 3 == 1 ? 4 : 300 + round * 37 % 500)).map { _ in
            UInt8(truncatingIfNeeded: 97 + random.next() % 26)
        }
        return "key \(key) round \(round) " + String(decoding: letters, as: UTF8.self)
    }

    /// Key and round of such messages, in their order.
    static func values(_ texts: [String]) -> [(key: Int, round: Int)] {
        texts.compactMap { text in
            let words = text.split(separator: " ")
            guard words.count == 5, let key = Int(words[1]), let round = Int(words[3]),
                text == value(key, round)
            else { return nil }
            return (key, round)
        }
    }

    static func world(
        sending: SimulatedSending = .direct,
        _ configure: (inout WebSocketServer.Configuration) -> Void = { _ in }
    ) throws -> SimulatedRooms {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (5000, 3000, 1000)
        return try SimulatedRooms(faults: faults, sending: sending, joinsAtOnce: ["a"]) {
            $0.options.connection.overflowPolicy = .conflate
            $0.options.pingInterval = nil
            configure(&$0)
        }
    }

    /// What must hold of everything that a reader got: the latest of each key last, none of them twice or out
    /// of order, most of them not at all, and every message without a key.
    static func check(_ texts: [String], _ replay: Comment) {
        let values = values(texts)
        for key in 0..<keys {
            let rounds = values.filter { $0.key == key }.map(\.round)
            #expect(rounds == rounds.sorted() && Set(rounds).count == rounds.count, replay)
            #expect(rounds.last == Self.rounds - 1, replay)
        }
        #expect(values.count < keys * rounds / 4, replay)
        let marks = texts.filter { $0.hasPrefix("mark") }
        #expect(marks == (0..<rounds / 50).map { "mark \($0)" }, replay)
        #expect(values.count + marks.count == texts.count, "nothing else came")
    }

    static func texts(_ client: SimulatedWebSocket) -> [String] {
        client.messages.map { if case .text(let text) = $0 { text } else { "binary" } }
    }

    @Test(arguments: SimulatedSending.allCases, [false, true])
    func aSlowReaderGetsTheLatestOfEachKey(sending: SimulatedSending, isRoom: Bool) throws {
        let world = try Self.world(sending: sending)
        let client = world.site.connect()
        try world.run("the upgrade") { world.remotes.all.count == 1 && client.isUpgraded }
        let remote = world.remotes.all[0]
        client.peer.pauseReading()
        for round in 0..<Self.rounds {
            for key in 0..<Self.keys {
                let text = Self.value(key, round)
                if isRoom {
                    world.rooms.publish(text, to: "a", conflatingKey: UInt64(key + 1))
                } else {
                    remote.send(text, conflatingKey: UInt64(key + 1))
                }
            }
            if round % 50 == 0 {
                remote.send("mark \(round / 50)")
                remote.ping()
            }
            if round % 90 == 0 { client.peer.resumeReading() } else { client.peer.pauseReading() }
            try world.site.network.run(for: .microseconds(50))
        }
        client.peer.resumeReading()
        let last = "key 0 round \(Self.rounds - 1) "
        try world.run("the latest") { Self.texts(client).contains { $0.hasPrefix(last) } }
        try world.site.network.run(for: .milliseconds(100))
        Self.check(Self.texts(client), "\(sending), \(world.site.network.seed)")
        #expect(client.error == nil && client.pings.count == Self.rounds / 50)
        let figures = world.site.group.snapshot()
        #expect(figures[.conflatedMessages] > Self.rounds && figures[.queuedBytes] == 0)
        world.site.network.stop()
    }

    /// Within callbacks the same: what has not left with one is replaced by the next.
    @Test func aHandlersOwnMessagesAreConflated() throws {
        struct Feed: WebSocketHandler {
            mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
                let round = Int(message.text) ?? 0
                if round == 0 { peer.send(String(repeating: "-", count: 9000)) }
                for key in 0..<ConflationTests.keys {
                    let text = ConflationTests.value(key, round)
                    switch key {
                    case 0: peer.send(text, conflatingKey: 1)
                    case 1: peer.send(PreparedMessage(text: text), conflatingKey: 2)
                    default:
                        let bytes = Array(text.utf8)
                        peer.send(utf8: unsafe bytes.span.bytes, conflatingKey: 3)
                    }
                }
            }
        }
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let site = try SimulatedSite(faults: faults) {
            $0.options.connection.overflowPolicy = .conflate
        } routes: { routes, _ in
            routes.webSocket { Feed() }
        }
        let client = site.connect()
        try site.run("the upgrade") { client.isUpgraded }
        client.peer.pauseReading()
        for round in 0..<50 {
            client.send("\(round)")
            try site.network.run(for: .milliseconds(1))
        }
        client.peer.resumeReading()
        try site.network.run(for: .milliseconds(100))
        let texts = Self.texts(client)
        // Those of the first callback left with it, as far as the kernel took them, and wait as they are.
        #expect(Self.values(texts).map(\.round) == [0, 0, 0, 49, 49, 49], "\(texts.count) texts")
        #expect(Self.values(texts).map(\.key) == [0, 1, 2, 0, 1, 2] && client.error == nil)
        site.network.stop()
    }

    /// A client's frames are masked, each with a key of its own, and replaced whole as well.
    @Test func aClientsMessagesAreConflated() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (5000, 3000)
        let network = SimulatedNetwork(seed: 1, faults: faults)
        let site = try ClientSite(network) { $0.options.connection.overflowPolicy = .conflate }
        var served: [SimulatedWebSocket] = []
        network.answer(at: site.address) { served.append(SimulatedWebSocket(accepting: $0)) }
        let answer = site.connect()
        try site.run("a connection") { answer.socket != nil }
        let server = try #require(served.first)
        server.peer.pauseReading()
        answer.socket?.send(String(repeating: "-", count: 20_000))
        for round in 0..<Self.rounds {
            for key in 0..<Self.keys {
                answer.socket?.send(Self.value(key, round), conflatingKey: UInt64(key + 1))
            }
            try network.run(for: .microseconds(50))
        }
        server.peer.resumeReading()
        try network.run(for: .milliseconds(100))
        let values = Self.values(Self.texts(server))
        #expect(values.map(\.round) == [Self.rounds - 1, Self.rounds - 1, Self.rounds - 1])
        #expect(server.error == nil && server.messages.count == 4)
        network.stop()
    }

    #if Deflate
    /// Text that compresses well, and better with what came before.
    static func story(_ number: Int) -> String {
        "story \(number): " + (0..<60).map { "word \(($0 &* 7 &+ number) % 97)" }.joined(separator: " ")
    }

    /// Some of the messages are compressed, and with takeover later ones refer to earlier ones: what was
    /// replaced must be missing from nobody's window. The peer inflates all that it was sent.
    @Test(arguments: [false, true], 0..<8)
    func whatIsReplacedIsMissingFromNoWindow(takeover: Bool, seed: Int) throws {
        let isRoom = seed % 2 == 1
        var deflate = DeflateOptions()
        deflate.serverNoContextTakeover = !takeover
        deflate.minimumBytes = 40
        let world = try Self.world { $0.options.deflate = deflate }
        let client = world.site.connect(headers: RoomDeflateTests.offer())
        try world.run("the upgrade") { world.remotes.all.count == 1 && client.isUpgraded }
        let remote = world.remotes.all[0]
        var random = SimulatedRandom(seed: UInt64(seed))
        client.peer.pauseReading()
        for round in 0..<Self.rounds {
            for key in 0..<Self.keys {
                let text = Self.value(key, round)
                if isRoom {
                    world.rooms.publish(text, to: "a", conflatingKey: UInt64(key + 1))
                } else if seed % 4 == 0 {
                    remote.send(text, conflatingKey: UInt64(key + 1))
                } else {
                    remote.perform { $0.sendOwn(text, key: UInt64(key + 1)) }
                }
            }
            if round % 10 == 0 { remote.perform { $0.sendOwn(Self.story(round)) } }
            if random.happens(0.02) { client.peer.resumeReading() } else { client.peer.pauseReading() }
            try world.site.network.run(for: .microseconds(50))
        }
        client.peer.resumeReading()
        try world.site.network.run(for: .milliseconds(200))
        let events = RoomDeflateTests.read(client, takeover: takeover)
        let texts = events.compactMap { event -> String? in
            if case .text(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
        #expect(texts.count == events.count, "every frame was a message")
        let stories = texts.filter { $0.hasPrefix("story") }
        #expect(stories == (0..<Self.rounds / 10).map { Self.story($0 * 10) })
        let values = Self.values(texts)
        #expect(values.count + stories.count == texts.count && values.count < Self.keys * Self.rounds / 2)
        for key in 0..<Self.keys {
            let rounds = values.filter { $0.key == key }.map(\.round)
            #expect(rounds == rounds.sorted() && rounds.last == Self.rounds - 1)
        }
        let compressed = world.site.server.webSocketSnapshot()[.compressedOut]
        #expect(compressed > 0, "stories at least")
        world.site.network.stop()
    }
    #endif
}

extension Conversation {
    /// Sends text of the connection's own, as a handler does, compressed if that was agreed.
    fileprivate func sendOwn(_ text: String, key: UInt64? = nil) {
        var text = text
        text.withBytes { bytes in
            if let key {
                _ = send(isText: true, bytes, key: key)
            } else {
                _ = send(isText: true, bytes)
            }
        }
    }
}
