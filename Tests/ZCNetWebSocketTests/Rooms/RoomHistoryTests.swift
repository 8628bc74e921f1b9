import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Histories that joiners see, and who is there.
@Suite struct RoomHistoryTests {
    /// Joins at once, by the name in its query, and says what it is told.
    struct Member: WebSocketHandler {
        let rooms: Rooms<String>

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join("a", peer, as: upgrade.request.query)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            if message.text == "leave" {
                rooms.leave("a", peer)
            } else {
                rooms.publish(message, to: "a")
            }
        }
    }

    static func site(_ rooms: Rooms<String>, loops: Int = 1, seed: UInt64 = 1) throws -> SimulatedSite {
        try SimulatedSite(seed: seed, loops: loops, configure: { _ in }) { routes, _ in
            routes.webSocket { Member(rooms: rooms) }
        }
    }

    /// Publishers that never stop, and joiners at any time: each hears what is left of the past and then all
    /// that follows, without a gap or a repeat.
    @Test(arguments: 0..<16)
    func aJoinerHasNeitherGapNorRepeat(seed: Int) throws {
        let rooms = Rooms<String>(history: RoomHistoryLimits(messagesMax: 10))
        let site = try Self.site(rooms, loops: 1 + seed % 3, seed: UInt64(seed))
        var random = SimulatedRandom(seed: UInt64(seed))
        var clients = [site.connect()]
        try site.run("the first") { rooms.counts("a").members == 1 }
        for number in 0..<200 {
            rooms.publish("\(number)", to: "a")
            if random.next() % 10 == 0 { clients.append(site.connect()) }
            if random.next() % 3 == 0 { try site.network.run(turnsMax: Int(random.next() % 4)) { false } }
        }
        try site.run("the last message") { clients.allSatisfy { $0.messages.last == .text("199") } }
        for client in clients {
            let numbers = client.messages.map { message in
                if case .text(let text) = message { Int(text) ?? -1 } else { -1 }
            }
            let first = try #require(numbers.first)
            #expect(numbers == Array(first...199), "seed \(seed)")
        }
        #expect(
            clients[0].messages.count == 200 && clients.dropFirst().allSatisfy { $0.messages.count >= 10 })
        site.network.stop()
    }

    @Test func aHistoryEndsWithItsRoom() throws {
        let rooms = Rooms<String>(history: RoomHistoryLimits(messagesMax: 10))
        let site = try Self.site(rooms)
        let first = site.connect()
        try site.run("the first") { rooms.counts("a").members == 1 }
        rooms.publish("old", to: "a")
        first.sendClose()
        try site.run("an empty room") { rooms.counts.members == 0 }
        let second = site.connect()
        try site.run("the second") { rooms.counts("a").members == 1 }
        rooms.publish("new", to: "a")
        try site.run("a message") { second.messages == [.text("new")] }
        site.network.stop()
    }

    @Test func whatAHistoryHolds() {
        func message(_ count: Int) -> PreparedMessage {
            PreparedMessage(binary: [UInt8](repeating: 1, count: count))
        }
        var history = RoomHistory()
        let limits = RoomHistoryLimits(messagesMax: 3, roomBytesMax: 10_000, bytesMax: 20_000)
        for _ in 0..<5 { history.append(message(100), limits, othersBytes: 0) }
        #expect(history.messages.count == 3 && history.bytes >= 300 && history.bytes < 1000)
        history.append(message(9700), limits, othersBytes: 0)
        #expect(history.messages.count == 1 && history.bytes <= 10_000)
        // Others have what there is: it is kept as far as it fits, without a hole.
        history.append(message(100), limits, othersBytes: 19_000)
        #expect(history.messages.count == 1 && history.bytes < 1000)
        history.append(message(100), limits, othersBytes: 19_990)
        #expect(history.messages.isEmpty && history.bytes == 0)
        history.append(message(100), limits, othersBytes: 0)
        history.append(message(20_000), limits, othersBytes: 0)
        #expect(history.messages.isEmpty && history.bytes == 0)
    }

    @Test func whoComesAndGoesIsKnown() throws {
        let changes = Locked<[String]>([])
        let rooms = Rooms<String>(presence: { change in
            changes.withLock {
                $0.append("\(change.hasJoined ? "+" : "-")\(change.name) \(change.count) in \(change.room)")
            }
        })
        let site = try Self.site(rooms, loops: 2)
        func count() -> Int { changes.withLock { $0.count } }
        let ann = site.connect("/?ann")
        try site.run("ann") { count() == 1 }
        let bob = site.connect("/?bob")
        let nobody = site.connect("/")
        try site.run("bob and nobody") { count() == 2 && rooms.counts("a").members == 3 }
        #expect(Set(rooms.members(of: "a").values) == ["ann", "bob"])
        bob.send("leave")
        try site.run("bob's leaving") { count() == 3 }
        ann.peer.reset()
        nobody.sendClose()
        try site.run("the end") { count() == 4 && rooms.counts.members == 0 }
        #expect(changes.withLock { $0 } == ["+ann 1 in a", "+bob 2 in a", "-bob 1 in a", "-ann 0 in a"])
        #expect(rooms.members(of: "a").isEmpty)
        site.network.stop()
    }
}
