import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Publications that wait for a loop together: each arrives as if it had been published by itself.
@Suite struct RoomBurstTests {
    /// A network that delays and cuts everything, and loses nobody.
    private static var nasty: SimulatedFaults {
        var faults = SimulatedFaults.nasty
        (faults.resets, faults.halfCloses, faults.refusedConnects, faults.lostConnects) = (0, 0, 0, 0)
        (faults.abortedAccepts, faults.descriptorShortages) = (0, 0)
        return faults
    }

    /// What each client is to hear, by doing one after the other what is posted one after the other.
    private struct Model {
        var members: [String: Set<Int>] = ["a": [0], "b": [0]]
        var expected: [[SimulatedWebSocket.Message]]

        mutating func publish(_ text: String, to key: String, except: Int?) {
            for client in members[key] ?? [] where client != except { expected[client].append(.text(text)) }
        }
    }

    /// Bursts of publications to two rooms, with sends to single members, joins and leaves between them.
    @Test(arguments: 0..<12)
    func everybodyHearsWhatWasPostedInItsOrder(seed: Int) throws {
        let isNasty = seed % 3 == 2
        let world = try SimulatedRooms(
            seed: UInt64(seed), faults: isNasty ? Self.nasty : .none,
            sending: seed % 2 == 0 ? .direct : .inFlight
        ) {
            $0.options.pingInterval = nil
            // Sometimes a burst is more than a member may have waiting at a time before it is not read from.
            if seed % 4 == 3 { $0.options.connection.outboundHighWatermarkBytes = 3000 }
            $0.options.connection.outboundLowWatermarkBytes = 1000
        }
        let clients = try world.connect(6)
        let remotes = world.remotes.all
        for key in ["a", "b"] { world.rooms.join(key, remotes[0]) }
        try world.run("a first member") { world.rooms.counts.members == 2 }
        var model = Model(expected: clients.map { _ in [] })
        var random = SimulatedRandom(seed: UInt64(seed) + 100)
        for round in 0..<12 {
            for number in 0..<Int(1 + random.next() % 90) {
                let (client, key) = (Int(random.next() % 6), random.next() % 3 == 0 ? "b" : "a")
                switch random.next() % 24 {
                case 0:
                    remotes[client].send("direct \(round) \(number)")
                    model.expected[client].append(.text("direct \(round) \(number)"))
                case 1:
                    world.rooms.join(key, remotes[client])
                    model.members[key]?.insert(client)
                case 2 where client != 0:
                    world.rooms.leave(key, remotes[client])
                    model.members[key]?.remove(client)
                default:
                    let size = random.next() % 30 == 0 ? (isNasty ? 3000 : 30_000) : Int(random.next() % 300)
                    let text = "\(round) \(number) " + String(repeating: "x", count: size)
                    let except = random.next() % 3 == 0 ? client : nil
                    world.rooms.publish(text, to: key, except: except.map { remotes[$0].id })
                    model.publish(text, to: key, except: except)
                }
            }
            try world.run("round \(round)") {
                zip(clients, model.expected).allSatisfy { $0.messages.count == $1.count }
            }
        }
        for (client, expected) in zip(clients, model.expected) {
            #expect(client.messages == expected && client.error == nil, "seed \(seed)")
        }
        #expect(world.rooms.counts.refused == 0 && world.rooms.counts.closed == 0)
        world.site.network.stop()
    }

    private static func publish(_ count: Int, _ bytes: Int, _ world: SimulatedRooms) {
        for number in 0..<count {
            world.rooms.publish(
                PreparedMessage(
                    SharedBytes(copying: [UInt8](repeating: UInt8(number), count: bytes)), isText: false),
                to: "a")
        }
    }

    /// A burst costs each member one send of one piece, and is counted message by message.
    @Test func aBurstIsOneSendForEachMember() throws {
        let world = try SimulatedRooms(joinsAtOnce: ["a"])
        let clients = try world.connect(20)
        let before = world.site.group.snapshot()
        Self.publish(16, 100, world)
        try world.run("all of it") { clients.allSatisfy { $0.messages.count == 16 } }
        let after = world.site.group.snapshot()
        #expect(after[.sends] - before[.sends] == clients.count)
        #expect(after[.messagesOut] - before[.messagesOut] == 16 * clients.count)
        #expect(after[.mailboxMessages] - before[.mailboxMessages] == 16)
        #expect(world.rooms.counts("a").delivered == 16 * clients.count)
        for client in clients {
            #expect(client.messages == (0..<16).map { .binary([UInt8](repeating: $0, count: 100)) })
        }
        world.site.network.stop()
    }

    /// What slow members have not taken of a burst is one piece for each of them, and in memory once for all.
    @Test func whatWaitsOfABurstIsInMemoryOnce() throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (2000, 1000)
        let world = try SimulatedRooms(faults: faults, joinsAtOnce: ["a"]) { $0.options.pingInterval = nil }
        let clients = try world.connect(10)
        for client in clients { client.peer.pauseReading() }
        Self.publish(16, 1000, world)
        let counts = { world.rooms.counts("a") }
        try world.run("the publications") { counts().delivered == 160 }
        let host = world.site.group.siblings.all[0]
        var pieces: [Int] = []
        for remote in world.remotes.all {
            let slot = try #require(host.find(remote.id))
            pieces.append(slot[].outbound?[].pieceCount ?? 0)
        }
        #expect(pieces == clients.map { _ in 1 })
        #expect(host.budget[.output] < 16 * 1004 + 10 * 1000, "\(host.budget[.output])")
        #expect(host.auditMemory() == [])
        for client in clients { client.peer.resumeReading() }
        try world.run("all of it") { clients.allSatisfy { $0.messages.count == 16 } }
        #expect(host.budget[.output] == 0)
        world.site.network.stop()
    }

    /// Members that keep only the latest of a key, and those with compression, get theirs one by one.
    @Test func whoIsSentSomethingElseIsSentItByItself() throws {
        let world = try SimulatedRooms(joinsAtOnce: ["a"]) {
            $0.options.pingInterval = nil
            $0.options.connection.overflowPolicy = .conflate
        }
        let clients = try world.connect(3)
        for number in 0..<16 {
            world.rooms.publish("\(number)", to: "a", conflatingKey: UInt64(1 + number % 2))
        }
        try world.run("the last of each") { clients.allSatisfy { $0.messages.last == .text("15") } }
        #expect(clients.allSatisfy { $0.messages.contains(.text("14")) })
        world.site.network.stop()
    }
}
