import ClusterSimulation
import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCCluster

/// Channels in which a message takes the place of those before it.
@Suite struct LatestFeedTests {
    private let gold = ChannelName.named("gold")

    @Test func theNewestComesAtOnceAndThenEachThatIsNewer() throws {
        let site = try LocalSite()
        let node = try site.joined("a")
        let (told, feeds) = (Journal<LatestFeed.Event>(), Journal<LatestFeed>())
        site.engine.perform { feeds.add(node.listenLatest(to: gold) { told.add($0) }) }
        #expect(try site.network.run { told.all == [.nothing] })
        _ = try site.publish(["1"], "gold", by: node)
        _ = try site.publish(["2", "3", "4"], "gold", by: node)
        #expect(try site.network.run { told.all.count == 3 })
        func value(_ number: UInt64) -> LatestFeed.Event {
            .value(SharedBytes("\(number)".utf8), MessageSequence(rawValue: number))
        }
        #expect(told.all == [.nothing, value(1), value(4)])
        let late = Journal<LatestFeed.Event>()
        site.engine.perform { feeds.add(node.listenLatest(to: gold) { late.add($0) }) }
        #expect(try site.network.run { late.all == [value(4)] })
        feeds.all[0].end()
        _ = try site.publish(["5"], "gold", by: node)
        #expect(try site.network.run { late.all == [value(4), value(5)] })
        #expect(told.all.count == 3)
    }

    /// Whatever is lost on the way, values grow, and the last is the newest.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func lossesCostNothingButWhatIsOld(seed: UInt64) throws {
        let world = SimulatedWorld(seed: seed)
        let port = world.makePort()
        let node = try ClusterNode(port, ClusterOptions(name: "a"), incarnation: 1) { _ in }
        node.start()
        let listenerPort = world.makePort()
        let other = try ClusterNode(listenerPort, ClusterOptions(name: "b"), incarnation: 2) { _ in }
        other.start()
        #expect(world.run(within: .seconds(60)) { node.slotCount + other.slotCount == 256 })
        let told = Journal<LatestFeed.Event>()
        let feed = other.listenLatest(to: gold) { told.add($0) }
        let stored = Journal<UInt64>()
        for number in 1...60 as ClosedRange<UInt64> {
            let id = BatchIdentity(producer: 5, number: number)
            node.append([SharedBytes("\(number)".utf8)], to: gold, identity: id) { result in
                if let range = try? result.get() { stored.add(range.lowerBound.rawValue) }
            }
            world.run(for: .milliseconds(world.draw(400)))
            if number % 20 == 0 {
                listenerPort.setCutOff(true)
                world.run(for: .milliseconds(500))
                listenerPort.setCutOff(false)
            }
        }
        world.calm()
        #expect(world.run(within: .seconds(120)) { stored.all.count == 60 })
        listenerPort.joinAgain()
        world.run(for: .seconds(10))
        let numbers = told.all.compactMap { event in
            if case .value(let bytes, let number) = event, bytes.bytes.text == "\(number)" {
                number.rawValue
            } else {
                nil as UInt64?
            }
        }
        #expect(numbers.last == 60 && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        #expect(numbers.count == told.all.count { $0 != .nothing })
        // A log that has lost its end: the newest of what there is.
        world.loseNewest(of: gold)
        let newest = try #require(world.newestNumber(of: gold))
        listenerPort.joinAgain()
        world.run(for: .seconds(30))
        #expect(
            told.all.last
                == .value(SharedBytes("\(newest)".utf8), MessageSequence(rawValue: newest)))
        feed.end()
    }

    private struct Ticker: WebSocketHandler {
        let rooms: LatestRooms
        let room: ChannelName

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            rooms.join(room, peer)
        }

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
    }

    @Test func whoJoinsHearsTheNewest() throws {
        let network = SimulatedNetwork(seed: 4, faults: .none)
        let group = try network.makeGroup(loops: 1)
        let engine = LocalEngine(group)
        let node = try ClusterNode(engine, ClusterOptions(name: "a"))
        let (rooms, gold) = (LatestRooms(node), gold)
        let server = try WebSocketServer(on: "127.0.0.1:9001", group: group) {
            Ticker(rooms: rooms, room: gold)
        }
        network.start(group)
        node.start()
        #expect(try network.run { node.slotCount == 256 })
        let stored = Journal<UInt64>()
        func publish(_ text: String) throws {
            let before = stored.all.count
            rooms.publish(SharedBytes(text.utf8), to: gold) { result in
                if let range = try? result.get() { stored.add(range.lowerBound.rawValue) }
            }
            #expect(try network.run { stored.all.count > before })
        }
        try publish("1")
        try publish("2")
        let first = SimulatedWebSocket(network, to: server.address)
        #expect(try network.run { first.messages == [.text("2")] })
        let second = SimulatedWebSocket(network, to: server.address)
        #expect(try network.run { second.messages == [.text("2")] })
        try publish("3")
        #expect(try network.run { first.messages.count == 2 && second.messages == [.text("2"), .text("3")] })
        #expect(first.messages == second.messages)
        // Everybody goes, and somebody comes before the node has stopped to listen.
        first.peer.reset()
        second.peer.reset()
        #expect(try network.run { rooms.local.counts("gold").members == 0 })
        let third = SimulatedWebSocket(network, to: server.address)
        #expect(try network.run { third.messages == [.text("3")] })
        network.stop()
    }
}
