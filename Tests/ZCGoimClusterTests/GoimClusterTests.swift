import ClusterSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCCluster
@testable import ZCGoimCluster

/// Hubs of three nodes that push to each other's people.
@Suite struct GoimClusterTests {
    private let room = "live://1"

    @Test func aRoomHearsEverythingOnceOnEveryNode() throws {
        let site = try HubSite()
        let inside = try site.people(6, room: room)
        let outside = try site.people(3, room: "live://2")
        #expect(site.clusters.map(\.listeningCount) == [2, 2, 2])
        for number in 0..<40 {
            for index in 0..<3 { site.hub(index).push(quote("\(index) \(number)"), toRoom: room) }
        }
        #expect(try site.run { inside.allSatisfy { $0.protos.count == 120 } })
        try site.run(milliseconds: 500)
        for person in inside {
            for index in 0..<3 {
                #expect(
                    person.texts.filter { $0.hasPrefix("\(index) ") } == (0..<40).map { "\(index) \($0)" })
            }
            #expect(person.protos.count == 120)
        }
        #expect(outside.allSatisfy(\.protos.isEmpty) && site.events.all.isEmpty)
        // A node without members listens no more, and pushes there all the same.
        for index in [1, 4] { inside[index].socket.peer.reset() }
        outside[1].socket.peer.reset()
        try site.run(milliseconds: 9000)
        #expect(site.clusters.map(\.listeningCount) == [2, 0, 2])
        site.hub(1).push(quote("again"), toRoom: room)
        #expect(try site.run { [0, 2, 3, 5].allSatisfy { inside[$0].texts.last == "again" } })
        // And hears it again once somebody is back.
        let late = try site.people(2, room: room)
        site.hub(0).push(quote("late"), toRoom: room)
        #expect(try site.run { late.allSatisfy { $0.texts == ["late"] } })
    }

    /// A name that no channel could have.
    @Test func aRoomOfALongNameIsHeardToo() throws {
        let site = try HubSite()
        let long = String(repeating: "ö", count: 120)
        let inside = try site.people(3, room: long)
        for index in 0..<3 { site.hub(index).push(quote("\(index)"), toRoom: long) }
        #expect(try site.run { inside.allSatisfy { $0.texts.sorted() == ["0", "1", "2"] } })
        let channel = try GoimCluster.channel(ofRoom: long)
        #expect(try channel != GoimCluster.channel(ofRoom: long + "ö"))
    }

    @Test func aKeyIsFoundOnWhicheverNode() throws {
        let site = try HubSite()
        let people = try site.people(6, keys: "k", accepts: [1000])
        for index in 0..<3 {
            for key in 0..<6 { site.hub(index).push(quote("\(index) to \(key)"), toKey: "k\(key)") }
            site.hub(index).push(quote("nobody"), toKey: "k9")
            site.hub(index).push(quote("\(index) to all"), toKeys: (0..<9).map { "k\($0)" })
            site.hub(index).push(quote("not accepted", 1001), toKeys: ["k0", "k1", "k2"])
            site.hub(index).push(
                quote("as 1000", 1002), toKey: "k5", acceptedAs: GoimOperation(rawValue: 1000))
        }
        #expect(try site.run { people.reduce(0) { $0 + $1.protos.count } >= 39 })
        try site.run(milliseconds: 500)
        for (key, person) in people.enumerated() {
            var expected = (0..<3).flatMap { ["\($0) to \(key)", "\($0) to all"] }
            if key == 5 { expected += Array(repeating: "as 1000", count: 3) }
            #expect(person.texts.sorted() == expected.sorted())
        }
    }

    @Test func everybodyWhoAcceptsHearsABroadcast() throws {
        let site = try HubSite()
        let accepting = try site.people(6, accepts: [1000])
        let others = try site.people(6, accepts: [1001])
        site.hub(1).broadcast(quote("all"))
        site.hub(2).broadcast(quote("as", 1005), acceptedAs: GoimOperation(rawValue: 1001))
        site.hub(0).broadcast(quote("slow"), perSecond: 20)
        #expect(try site.run { accepting.allSatisfy { $0.texts.sorted() == ["all", "slow"] } })
        #expect(others.allSatisfy { $0.texts == ["as"] && $0.protos[0].operation == 1005 })
        // What is no batch breaks nobody's stream, here or elsewhere.
        site.hub(0).broadcast(GoimMessage(.raw, "nonsense"), acceptedAs: GoimOperation(rawValue: 1000))
        try site.run(milliseconds: 500)
        #expect(accepting.allSatisfy { $0.protos.count == 2 } && site.hub(0).snapshot().malformed == 1)
    }

    @Test func peopleAreCountedOnAllNodes() throws {
        let site = try HubSite()
        let people = try site.people(7, room: room)
        let others = try site.people(2)
        #expect((0..<3).allSatisfy { site.hub($0).online == 9 && site.hub($0).online(inRoom: room) == 7 })
        people[1].send(GoimMessage(.heartbeat, ""))
        #expect(try site.run { people[1].protos.last?.operation == 3 })
        #expect(people[1].protos.last?.body == [0, 0, 0, 7])
        // Local figures stay what they are.
        #expect((0..<3).map { site.hub($0).snapshot()[.members] } == [4, 3, 2])
        for index in [0, 3] { people[index].socket.peer.reset() }
        #expect(try site.run { (0..<3).allSatisfy { site.hub($0).online == 7 } })
        #expect((0..<3).allSatisfy { site.hub($0).online(inRoom: room) == 5 })
        _ = others
    }

    @Test func whoComesWithAKeyElsewhereReplaces() throws {
        let site = try HubSite()
        let first = try site.people(1, keys: "alice ")[0]
        let other = HubPerson(site.network, to: try #require(site.servers[1].webSocketAddress))
        #expect(try site.run { other.socket.isUpgraded })
        other.send(GoimMessage(.authenticate, GoimToken(mid: 0, key: "alice 0", accepts: []).json))
        #expect(try site.run { first.socket.isClosed && other.protos.first?.operation == 8 })
        #expect(first.socket.close?.code.rawValue == 4001)
        #expect(site.hub(0).snapshot()[.replaced] == 1 && !other.socket.isClosed)
        try site.run(milliseconds: 3500)
        #expect(site.clusters.allSatisfy { $0.presence.nodes(of: "alice 0", in: $0.keys) == ["node-1"] })
        #expect((0..<3).allSatisfy { site.hub($0).online == 1 })
    }

    @Test func membersAreToldOfAGapAsThePolicySays() throws {
        let site = try HubSite([.silent, .notice(quote("missed", 2000)), .close])
        let people = try site.people(3, room: room)
        site.hub(0).push(quote("before"), toRoom: room)
        #expect(try site.run { people.allSatisfy { $0.texts == ["before"] } })
        let nodes = site.nodes
        site.engines[0].perform { for node in nodes { node.feeds.mayHaveMissed() } }
        #expect(try site.run { people[2].socket.isClosed && people[1].protos.count == 2 })
        site.hub(0).push(quote("after"), toRoom: room)
        #expect(try site.run { people[0].texts == ["before", "after"] && people[1].protos.count == 3 })
        #expect(people[1].texts == ["before", "missed", "after"] && people[1].protos[1].operation == 2000)
        #expect(people[2].socket.close?.code == .tryAgainLater)
        #expect(site.events.all.count { $0 == .gap(room: room) } == 3)
        #expect(site.events.all.count { $0 == .gap(room: nil) } == 6)
    }

    /// Over an engine that loses one message in twenty, and repeats and delays some: nobody hears twice, the
    /// order of each publisher is kept, and what is missing was told.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func whatIsLostIsTold(seed: UInt64) throws {
        let site = try HubSite(
            Array(repeating: .notice(quote("missed", 2000)), count: 3), over: SimulatedWorld(seed: seed))
        let people = try site.people(6, room: room)
        for number in 0..<150 {
            for index in 0..<3 { site.hub(index).push(quote("\(index) \(number)"), toRoom: room) }
            try site.run(milliseconds: number % 4)
        }
        try site.run(milliseconds: 5000)
        for (own, person) in people.enumerated() {
            var last = [-1, -1, -1]
            var (isTold, losses) = (false, 0)
            for text in person.texts {
                if text == "missed" {
                    isTold = true
                    continue
                }
                let words = text.split(separator: " ").compactMap { Int($0) }
                #expect(words[1] > last[words[0]])
                // The first that a node hears of another says nothing of those before it.
                if last[words[0]] >= 0 && words[1] > last[words[0]] + 1 {
                    #expect(isTold, "\(last[words[0]]), \(words[1]) of \(words[0])")
                    losses += 1
                }
                last[words[0]] = words[1]
                isTold = false
            }
            #expect(person.texts.filter { $0.hasPrefix("\(own % 3) ") }.count == 150)
            #expect(losses > 0)
        }
    }

    /// A server goes down in good order: nobody is counted there any more.
    @Test func aNodeThatStopsIsForgotten() throws {
        let site = try HubSite()
        let people = try site.people(3, room: room, keys: "k")
        site.clusters[2].presence.stop()
        #expect(try site.run { site.hub(0).online == 2 && site.hub(1).online(inRoom: room) == 2 })
        #expect(site.clusters[0].presence.nodes(of: "k2", in: site.clusters[0].keys).isEmpty)
        _ = people
    }
}
