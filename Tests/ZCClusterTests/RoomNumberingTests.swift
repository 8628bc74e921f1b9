import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCCluster

/// Members of rooms who are told where they are, and come back.
@Suite struct RoomNumberingTests {
    /// Joins where it has been, if it says so: `/POSITION`.
    private struct Chat: WebSocketHandler {
        let rooms: ClusterRooms
        let lobby: ChannelName
        let answers: Journal<Result<ChannelPosition, ClusterError>>

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            let answers = answers
            if let position = ChannelPosition(String(upgrade.request.path.dropFirst())) {
                rooms.join(lobby, peer, behind: position) { answers.add($0) }
            } else {
                rooms.join(lobby, peer)
            }
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            rooms.publish(message.payload.copy(), to: lobby)
        }
    }

    private final class Site {
        let network = SimulatedNetwork(seed: 4, faults: .none)
        let lobby = ChannelName.named("lobby")
        let answers = Journal<Result<ChannelPosition, ClusterError>>()
        var (nodes, rooms, servers): ([ClusterNode], [ClusterRooms], [WebSocketServer]) = ([], [], [])

        init(
            as form: RoomForm = .text, _ numbering: RoomNumbering = .leading,
            delays: LateEngine.Delays = .init()
        ) throws {
            let group = try network.makeGroup(loops: 1)
            let engine = LateEngine(LocalEngine(group), delays)
            for index in 0..<2 {
                let node = try ClusterNode(engine, ClusterOptions(name: "node-\(index)"))
                let own = ClusterRooms(node, as: form, numbering: numbering)
                nodes.append(node)
                rooms.append(own)
                var configuration = WebSocketServer.Configuration()
                configuration.options.pingInterval = nil
                let (lobby, answers) = (lobby, answers)
                servers.append(
                    try WebSocketServer(
                        on: "127.0.0.1:\(9001 + index)", configuration: configuration, group: group
                    ) { Chat(rooms: own, lobby: lobby, answers: answers) })
            }
            network.start(group)
            for node in nodes { node.start() }
            let nodes = nodes
            #expect(try network.run { nodes.allSatisfy { $0.slotCount > 0 } })
        }

        func connect(_ node: Int, _ position: String = "") throws -> SimulatedWebSocket {
            let client = SimulatedWebSocket(network, to: servers[node].address, path: "/\(position)")
            #expect(try network.run { client.isUpgraded })
            try network.run(for: .milliseconds(100))
            return client
        }

        deinit { network.stop() }
    }

    private func words(_ client: SimulatedWebSocket) -> [(position: String, text: String)] {
        client.messages.map { message in
            guard case .text(let text) = message, let blank = text.firstIndex(of: " ") else {
                return ("", "")
            }
            return (String(text[..<blank]), String(text[text.index(after: blank)...]))
        }
    }

    @Test func whoComesBackHearsEverythingOnce() throws {
        let site = try Site()
        let (talker, listener) = (try site.connect(0), try site.connect(1))
        for number in 1...10 { talker.send("\(number)") }
        #expect(try site.network.run { listener.messages.count == 10 })
        let heard = words(listener)
        #expect(heard.map(\.text) == (1...10).map { "\($0)" })
        #expect(heard.map(\.position) == words(talker).map(\.position))
        #expect(heard.enumerated().allSatisfy { $1.position.hasPrefix("\($0 + 2).") })
        listener.peer.reset()
        for number in 11...300 { talker.send("\(number)") }
        #expect(try site.network.run { talker.messages.count == 300 })
        // To the other node, while others talk on.
        let back = SimulatedWebSocket(
            site.network, to: site.servers[0].address, path: "/\(heard[6].position)")
        for number in 301...900 {
            talker.send("\(number)")
            if number % 3 == 0 { try site.network.run(for: .microseconds(300)) }
        }
        #expect(try site.network.run { back.messages.count >= 893 && talker.messages.count == 900 })
        try site.network.run(for: .milliseconds(500))
        #expect(words(back).map(\.text) == (8...900).map { "\($0)" })
        #expect(words(back).map(\.position) == words(talker).dropFirst(7).map(\.position))
        guard case .success? = site.answers.all.first else {
            Issue.record("no member: \(site.answers.all)")
            return
        }
    }

    /// The log is read while others talk on, and never comes to an end before they do: what the room hears
    /// meanwhile joins what was read, which takes several readings here. With messages that are later than
    /// answers, the room is behind the log.
    @Test(arguments: [(20, 40, 0), (10, 40, 60), (20, 30, 10)])
    func whoComesBackToABusyRoomHearsEverythingOnce(_ read: Int, _ append: Int, _ message: Int) throws {
        var delays = LateEngine.Delays()
        delays.read = .milliseconds(read)
        delays.append = .milliseconds(append)
        delays.message = .milliseconds(message)
        let site = try Site(delays: delays)
        let talker = try site.connect(0)
        for number in 1...1500 { talker.send("\(number)") }
        #expect(try site.network.run { talker.messages.count == 1500 })
        let start = words(talker)[6].position
        let back = SimulatedWebSocket(site.network, to: site.servers[1].address, path: "/\(start)")
        var last = 1500
        var memberAt: Int?
        for _ in 0..<2000 {
            last += 1
            talker.send("\(last)")
            try site.network.run(for: .milliseconds(1))
            if memberAt == nil && !site.answers.all.isEmpty { memberAt = last }
        }
        // Long before they fell silent.
        #expect(memberAt.map { $0 < 3300 } == true, "\(site.answers.all)")
        let end = last
        #expect(try site.network.run { back.messages.count >= end - 7 && talker.messages.count == end })
        try site.network.run(for: .milliseconds(500))
        #expect(words(back).map(\.text) == (8...end).map { "\($0)" })
    }

    @Test func whatCannotBeKnownIsSaid() throws {
        let site = try Site()
        let talker = try site.connect(0)
        for number in 1...3 { talker.send("\(number)") }
        #expect(try site.network.run { talker.messages.count == 3 })
        let other = try site.connect(1, "3.abc")
        #expect(try site.network.run { site.answers.all.count == 1 })
        guard case .failure(let error)? = site.answers.all.first else {
            Issue.record("a member by a position that is none")
            return
        }
        #expect(error.code == .otherHistory && other.messages.isEmpty)
        // It is no member, and nothing is kept for it.
        talker.send("4")
        try site.network.run(for: roomSweepInterval * 3)
        #expect(other.messages.isEmpty && site.rooms[1].listeningCount == 0)
        let beginning = try site.connect(1, "1.0")
        #expect(try site.network.run { beginning.messages.count == 4 })
        #expect(beginning.messages == talker.messages)
    }

    @Test func positionsHaveAForm() throws {
        let position = ChannelPosition(next: MessageSequence(rawValue: 43), epoch: 0x9f8e_7d6c_5b4a_3921)
        #expect(
            position.description == "43.9f8e7d6c5b4a3921"
                && ChannelPosition("43.9f8e7d6c5b4a3921") == position)
        #expect(ChannelPosition("1.0") == .beginning)
        for text in ["", "1", "1.", ".1", "0.1", "1.2.3", "-1.2", "+1.2", "1.+2", "1. 2", "1.g", "a.1"] {
            #expect(ChannelPosition(text) == nil, "\(text)")
        }
        #expect(RoomNumbering.leading.mark("hello", position, .text) == "43.9f8e7d6c5b4a3921 hello")
        let binary = RoomNumbering.leading.mark("hello", position, .binary)
        #expect(binary.bytes.integer(as: UInt64.self, at: 0, .bigEndian) == 43)
        #expect(binary.bytes.integer(as: UInt64.self, at: 8, .bigEndian) == position.epoch)
        #expect(binary.slice(16..<21) == "hello" && binary.count == 21)
        let own = RoomNumbering.custom { message, position in SharedBytes("\(position.next)".utf8) }
        #expect(own.mark("hello", position, .binary) == "43")
        #expect(RoomNumbering.none.mark("hello", position, .text) == "hello")
    }
}
