import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

@Suite struct RoomTests {
    @Test(arguments: [1, 2, 4], [SimulatedSending.direct, .inFlight])
    func everybodyHearsEverythingInOrder(loops: Int, sending: SimulatedSending) throws {
        let world = try SimulatedRooms(loops: loops, sending: sending, joinsAtOnce: ["a"])
        let clients = try world.connect(12)
        for number in 0..<40 { clients[0].send("say a \(number)") }
        try world.run("40 messages each") { clients.allSatisfy { $0.messages.count == 40 } }
        let expected = (0..<40).map { SimulatedWebSocket.Message.text("\($0)") }
        for client in clients { #expect(client.messages == expected) }
        let counts = world.rooms.counts("a")
        #expect((counts.rooms, counts.members, counts.published) == (1, 12, 40))
        #expect((counts.delivered, counts.refused, counts.closed, counts.unreached) == (480, 0, 0, 0))
        world.site.network.stop()
    }

    @Test(arguments: 0..<12)
    func aNastyNetworkKeepsTheOrder(seed: Int) throws {
        let world = try SimulatedRooms(
            seed: UInt64(seed), loops: 1 + seed % 3, faults: .nasty,
            sending: seed % 2 == 0 ? .direct : .inFlight, joinsAtOnce: ["a"]
        ) { $0.options.pingInterval = nil }
        let clients = (0..<6).map { _ in world.site.connect() }
        _ = try world.site.network.run {
            clients.allSatisfy { $0.isUpgraded || $0.peer.isOver }
        }
        let text = String(repeating: "x", count: 700)
        for number in 0..<30 {
            world.rooms.publish("\(number) \(text)", to: "a")
            try world.site.network.run(for: .milliseconds(number % 3))
        }
        _ = try world.site.network.run {
            clients.allSatisfy { $0.messages.count == 30 || $0.peer.isOver }
        }
        for client in clients where client.isUpgraded {
            // Who joined while it was published has missed the beginning, and who was cut off the end.
            let numbers = client.messages.map { message in
                if case .text(let text) = message { Int(text.prefix { $0 != " " }) ?? -1 } else { -1 }
            }
            #expect(numbers == Array((numbers.first ?? 0)..<((numbers.first ?? 0) + numbers.count)))
            #expect(client.error == nil)
        }
        world.site.network.stop()
    }

    @Test func joiningAndLeavingTwice() throws {
        let world = try SimulatedRooms()
        let client = try world.connect(1)[0]
        for word in ["member", "join", "join", "member", "leave", "leave", "member"] {
            client.send("\(word) a")
        }
        try world.run("seven answers") { world.remotes.answers.count == 7 }
        #expect(
            world.remotes.answers == [
                "member false", "join true", "join false", "member true", "leave true", "leave false",
                "member false",
            ])
        #expect(world.rooms.counts("a") == RoomCounts())
        #expect(world.rooms.keys.isEmpty)
        world.site.network.stop()
    }

    @Test func anEmptyRoomTakesWhatIsPublishedAndCountsIt() throws {
        let rooms = Rooms<Int>()
        #expect(rooms.publish("to nobody", to: 7) == .posted)
        #expect(rooms.publish(PreparedMessage(text: "to nobody"), to: 7) == .posted)
        #expect(rooms.counts(7) == RoomCounts())
        #expect(rooms.counts.published == 2)
        #expect(rooms.counts.rooms == 0)
    }

    @Test func oneIsExcepted() throws {
        let world = try SimulatedRooms(loops: 2, joinsAtOnce: ["a"])
        let clients = try world.connect(5)
        clients[3].send("tell a psst")
        try world.run("four messages") { clients.map(\.messages.count).reduce(0, +) == 4 }
        clients[3].send("say a all")
        try world.run("five more") { clients.map(\.messages.count).reduce(0, +) == 9 }
        #expect(clients[3].messages == [.text("all")])
        #expect(world.rooms.counts("a").delivered == 9)
        world.site.network.stop()
    }

    /// All members' connections are closed, behind what they were sent, and nobody else's.
    @Test(arguments: [1, 3])
    func aRoomsMembersAreClosed(loops: Int) throws {
        let world = try SimulatedRooms(loops: loops, joinsAtOnce: ["a"])
        let clients = try world.connect(6)
        clients[4].send("leave a")
        try world.run("an answer") { world.remotes.answers == ["leave true"] }
        world.rooms.publish("the last", to: "a")
        world.rooms.closeMembers(of: "a", .serviceRestart, reason: "moved")
        world.rooms.closeMembers(of: "nobody's")
        try world.run("five closes") { clients.count { $0.isClosed } == 5 }
        for client in clients where client !== clients[4] {
            #expect(client.messages == [.text("the last")])
            #expect(client.close?.code == .serviceRestart && client.close?.reason == "moved")
        }
        try world.run("an empty room") { world.rooms.keys.isEmpty }
        #expect(!clients[4].isClosed)
        world.site.network.stop()
    }

    @Test func roomsDoNotHearEachOther() throws {
        let world = try SimulatedRooms(loops: 2)
        let clients = try world.connect(4)
        for (index, client) in clients.enumerated() { client.send("join \(index % 2 == 0 ? "even" : "odd")") }
        try world.run("all in") { world.rooms.counts.members == 4 }
        #expect(Set(world.rooms.keys) == ["even", "odd"])
        world.rooms.publish("to the odd", to: "odd")
        unsafe world.rooms.publish(binary: [UInt8]([1, 2]).span.bytes, to: "even")
        try world.run("one each") { clients.allSatisfy { $0.messages.count == 1 } }
        #expect(clients[0].messages == [.binary([1, 2])])
        #expect(clients[1].messages == [.text("to the odd")])
        world.site.network.stop()
    }

    /// A thousand rooms each, left one by one in another order, by everybody at another time.
    @Test func aThousandRoomsPerConnection() throws {
        let world = try SimulatedRooms(loops: 2, joinsAtOnce: (0..<1000).map(String.init))
        let clients = try world.connect(3)
        #expect(world.rooms.counts.members == 3000)
        #expect(world.rooms.counts.rooms == 1000)
        var order = Array(0..<1000)
        var random = SimulatedRandom(seed: 5)
        for index in order.indices.reversed() {
            order.swapAt(index, Int(random.next() % UInt64(index + 1)))
        }
        for number in order.prefix(600) { clients[1].send("leave \(number)") }
        try world.run("600 left") { world.remotes.answers.count == 600 }
        #expect(world.remotes.answers.allSatisfy { $0 == "leave true" })
        for number in 0..<1000 { world.rooms.publish("\(number)", to: "\(number)") }
        try world.run("what they hear") { clients.map(\.messages.count) == [1000, 400, 1000] }
        let kept = Set(order.suffix(400).map { SimulatedWebSocket.Message.text("\($0)") })
        #expect(Set(clients[1].messages) == kept)
        clients[1].sendClose()
        clients[0].peer.finish()
        try world.run("two less") { world.rooms.counts.members == 1000 }
        #expect(world.rooms.counts.delivered == 2400)
        world.site.network.stop()
    }

    @Test func whoHasBegunToEndJoinsNothing() throws {
        let world = try SimulatedRooms()
        let client = try world.connect(1)[0]
        client.send("bye a")
        try world.run("the end") { world.remotes.closes == 1 }
        #expect(world.remotes.answers == ["join false", "late false false"])
        #expect(world.rooms.counts.members == 0)
        world.site.network.stop()
    }

    /// Members that go in all the ways there are, while it is published all the time.
    @Test(arguments: 0..<8)
    func membersEndMidPublication(seed: Int) throws {
        let world = try SimulatedRooms(
            seed: UInt64(seed), loops: 1 + seed % 2, joinsAtOnce: ["a", "b"]
        ) { $0.options.pingInterval = nil }
        let clients = try world.connect(20)
        var random = SimulatedRandom(seed: UInt64(seed))
        var staying = Set(0..<20)
        for number in 0..<60 {
            world.rooms.publish("\(number)", to: number % 2 == 0 ? "a" : "b")
            if number % 4 == 0, let gone = staying.dropFirst(Int(random.next() % 4)).first, staying.count > 4
            {
                staying.remove(gone)
                switch random.next() % 4 {
                case 0: clients[gone].sendClose()
                case 1: clients[gone].peer.reset()
                case 2: world.remotes.all[gone].close()
                default: clients[gone].peer.finish()
                }
            }
            if random.next() % 3 == 0 { try world.site.network.run(for: .milliseconds(1)) }
        }
        try world.run("everything") { staying.allSatisfy { clients[$0].messages.count == 60 } }
        let expected = (0..<60).map { SimulatedWebSocket.Message.text("\($0)") }
        for index in staying { #expect(clients[index].messages == expected) }
        for client in clients { #expect(client.messages == Array(expected.prefix(client.messages.count))) }
        for index in staying { clients[index].sendClose() }
        try world.run("the end") { world.remotes.closes == 20 }
        let counts = world.rooms.counts
        #expect((counts.rooms, counts.members, counts.published) == (0, 0, 60))
        #expect(counts.delivered + counts.closed >= 60 * staying.count)
        #expect(counts.delivered + counts.closed <= 60 * 20)
        world.site.network.stop()
    }

    @Test func joiningAndLeavingFromElsewhere() throws {
        let world = try SimulatedRooms(loops: 2)
        let clients = try world.connect(2)
        let remotes = world.remotes.all
        // Looked up when it is published, and then the join has not been carried out.
        #expect(world.rooms.join("a", remotes[0]) == .posted)
        world.rooms.publish("before", to: "a")
        try world.run("a member") { world.rooms.counts("a").members == 1 }
        world.rooms.join("a", remotes[1])
        try world.run("two members") { world.rooms.counts("a").members == 2 }
        world.rooms.publish("both", to: "a")
        world.rooms.leave("a", remotes[0])
        world.rooms.publish("one", to: "a")
        try world.run("what was published") { world.rooms.counts.delivered == 3 }
        #expect(world.rooms.counts("a").members == 1)
        try world.run("their coming") { clients.map(\.messages.count) == [1, 2] }
        #expect(clients[0].messages == [.text("both")])
        #expect(clients[1].messages == [.text("both"), .text("one")])
        world.site.network.stop()
    }

    @Test func nothingIsKeptAlive() throws {
        weak var directory: AnyObject?
        let world = try SimulatedRooms(loops: 2)
        let clients = try world.connect(2)
        do {
            let rooms = Rooms<String>()
            directory = rooms.innards
            for remote in world.remotes.all { rooms.join("a", remote) }
            try world.run("members") { rooms.counts.members == 2 }
            rooms.publish("last words", to: "a")
        }
        try world.run("what was under way") { clients.allSatisfy { $0.messages == [.text("last words")] } }
        #expect(directory != nil)
        for client in clients { client.sendClose() }
        try world.run("the end") { world.remotes.closes == 2 }
        #expect(directory == nil)
        world.site.network.stop()
    }
}
