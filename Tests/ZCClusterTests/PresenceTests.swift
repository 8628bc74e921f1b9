import ClusterSimulation
import Testing
import ZCNet

@testable import ZCCluster

/// Three nodes that know who is where, over an engine in virtual time that loses, repeats and delays.
@Suite struct PresenceTests {
    private let room = ChannelName.named("room")
    private let users = ChannelName.named("users")

    /// What somebody's stay was told, and who they are.
    private typealias Ends = Journal<String>

    private final class Site {
        let world: SimulatedWorld
        var ports: [SimulatedPort] = []
        var nodes: [ClusterNode] = []
        var presences: [ClusterPresence] = []
        private var lives: UInt64 = 0

        init(seed: UInt64 = 1, _ faults: WorldFaults = .none, bytesMax: Int = 1 << 20) throws {
            world = SimulatedWorld(seed: seed, faults)
            for index in 0..<3 { try begin(index, bytesMax: bytesMax) }
            #expect(world.run(within: .seconds(60)) { nodes.allSatisfy { $0.members.count == 3 } })
        }

        /// A node begins, or begins anew.
        func begin(_ index: Int, bytesMax: Int = 1 << 20) throws {
            lives += 1
            let port = world.makePort()
            let node = try ClusterNode(port, ClusterOptions(name: "node-\(index)"), incarnation: lives) { _ in
            }
            node.start()
            var options = PresenceOptions()
            options.bytesMax = bytesMax
            let presence = try ClusterPresence(node, options)
            if index < ports.count {
                (ports[index], nodes[index], presences[index]) = (port, node, presence)
            } else {
                ports.append(port)
                nodes.append(node)
                presences.append(presence)
            }
        }

        func names(_ channel: ChannelName, by node: Int) -> [String] {
            presences[node].members(of: channel).map(\.name)
        }

        func all(see names: [String], in channel: ChannelName) -> Bool {
            nodes.indices.allSatisfy { self.names(channel, by: $0) == names }
        }
    }

    private func stay(
        _ site: Site, _ node: Int, _ name: String, _ channel: ChannelName, _ policy: PresencePolicy = .beside,
        _ ends: Ends = Ends()
    ) -> PresenceStay {
        site.presences[node].enter(channel, as: name, policy) { ends.add("\(name): \($0)") }
    }

    /// Whatever is lost, repeated and late: in the end every node knows the same, and what it was told adds
    /// up to it.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everybodyIsKnownEverywhere(seed: UInt64) throws {
        let site = try Site(seed: seed, WorldFaults())
        let told = (0..<3).map { _ in Journal<PresenceEvent>() }
        let watches = (0..<3).map { index in site.presences[index].watch(room) { told[index].add($0) } }
        var stays: [String: PresenceStay] = [:]
        for round in 0..<200 {
            let name = "\(site.world.draw(30))"
            if let stay = stays[name], site.world.draw(3) == 0 {
                stay.update(SharedBytes("round \(round)".utf8))
            } else if stays.removeValue(forKey: name) == nil {
                stays[name] = stay(site, site.world.draw(3), name, room)
            }
            site.presences[round % 3].setCrowd(site.world.draw(100), in: users)
            site.world.run(for: .milliseconds(site.world.draw(40)))
        }
        for index in 0..<3 { site.presences[index].setCrowd(10 * (index + 1), in: users) }
        site.world.calm()
        #expect(site.world.run(within: .seconds(20)) { site.all(see: stays.keys.sorted(), in: room) })
        #expect(
            site.world.run(within: .seconds(20)) { site.presences.allSatisfy { $0.count(of: users) == 60 } })
        let notes = site.presences.map { $0.members(of: room) }
        #expect(notes[0] == notes[1] && notes[1] == notes[2])
        #expect(Set(site.presences.map(\.byteCount)).count == 1)
        for (index, journal) in told.enumerated() {
            var here: Set<String> = []
            for event in journal.all {
                switch event {
                case .here(let members): #expect(members.isEmpty)
                case .joined(let member): #expect(here.insert(member.name).inserted)
                case .changed(let member): #expect(here.contains(member.name))
                case .left(let member): #expect(here.remove(member.name) != nil)
                }
            }
            #expect(here.sorted() == site.names(room, by: index))
        }
        stays = [:]
        #expect(site.world.run(within: .seconds(20)) { site.all(see: [], in: room) })
        for watch in watches { watch.end() }
    }

    @Test func whoWasAtADeadNodeIsGoneWithinALeaseAndTwoBeats() throws {
        let site = try Site()
        let told = Journal<PresenceEvent>()
        let watch = site.presences[0].watch(room) { told.add($0) }
        let stays = (0..<3).map { stay(site, $0, "user \($0)", room) }
        let twice = stay(site, 0, "user 2", room)
        #expect(site.world.run(within: .seconds(1)) { site.names(room, by: 0).count == 3 })
        site.world.run(for: .seconds(30))
        #expect(site.all(see: ["user 0", "user 1", "user 2"], in: room))
        site.ports[1].kill()
        site.ports[2].kill()
        site.world.run(for: .seconds(3))
        #expect(site.names(room, by: 0).count == 3)
        site.world.run(for: .seconds(8))
        // Who is there by another node has not left.
        #expect(site.names(room, by: 0) == ["user 0", "user 2"] && told.all.count == 5)
        guard case .left(let gone)? = told.all.last else {
            Issue.record("nobody was told")
            return
        }
        #expect(gone.name == "user 1" && gone.node == "node-1")
        // Begun anew, the node has what the others say, and nobody's old life comes back.
        try site.begin(1)
        #expect(site.world.run(within: .seconds(3)) { site.names(room, by: 1) == ["user 0", "user 2"] })
        _ = (stays, twice, watch)
    }

    @Test func whoWasFrozenIsBack() throws {
        let site = try Site()
        let stays = (0..<3).map { stay(site, $0, "user \($0)", room) }
        #expect(site.world.run(within: .seconds(1)) { site.all(see: (0..<3).map { "user \($0)" }, in: room) })
        site.ports[1].freeze()
        site.world.run(for: .seconds(12))
        #expect(site.names(room, by: 0) == ["user 0", "user 2"])
        site.ports[1].thaw()
        #expect(site.world.run(within: .seconds(3)) { site.names(room, by: 0).count == 3 })
        site.world.run(for: .seconds(20))
        // The one that slept has not taken the others for gone.
        #expect(site.all(see: (0..<3).map { "user \($0)" }, in: room))
        _ = stays
    }

    /// A node that hears nobody does not take everybody for gone; and neither does anybody while the engine
    /// is away.
    @Test func whoIsCutOffJudgesNobody() throws {
        let site = try Site()
        let told = Journal<PresenceEvent>()
        let watch = site.presences[1].watch(room) { told.add($0) }
        let stays = (0..<3).map { stay(site, $0, "user \($0)", room) }
        #expect(site.world.run(within: .seconds(1)) { site.names(room, by: 1).count == 3 })
        site.ports[1].setCutOff(true)
        site.world.run(for: .seconds(40))
        #expect(site.names(room, by: 1).count == 3 && told.all.count == 4)
        #expect(site.names(room, by: 0) == ["user 0", "user 2"])
        let late = stay(site, 0, "late", room)
        site.ports[1].setCutOff(false)
        let everybody = ["late"] + (0..<3).map { "user \($0)" }
        #expect(site.world.run(within: .seconds(10)) { site.all(see: everybody, in: room) })
        site.world.setServing(false)
        site.world.run(for: .seconds(40))
        site.world.setServing(true)
        for port in site.ports { port.joinAgain() }
        site.world.run(for: .seconds(30))
        #expect(site.all(see: everybody, in: room) && told.all.count == 5)
        _ = (stays, late, watch)
    }

    @Test func whoLogsInElsewhereReplaces() throws {
        let site = try Site()
        let ends = Ends()
        let told = Journal<PresenceEvent>()
        let watch = site.presences[2].watch(users) { told.add($0) }
        var stays = [stay(site, 0, "alice", users, .replacing, ends)]
        #expect(site.world.run(within: .seconds(1)) { site.all(see: ["alice"], in: users) })
        stays.append(stay(site, 1, "alice", users, .replacing, ends))
        #expect(site.world.run(within: .seconds(1)) { ends.all == ["alice: replaced by one at node-1"] })
        // At the same node too, and by one that was away, or has ended.
        stays.append(stay(site, 1, "alice", users, .replacing, ends))
        #expect(site.world.run(within: .seconds(1)) { ends.all.count == 2 })
        #expect(ends.all.last == "alice: replaced by one at node-1")
        site.world.run(for: .seconds(1))
        #expect(site.presences.allSatisfy { $0.nodes(of: "alice", in: users) == ["node-1"] })
        // For who looks on she was there all the time.
        #expect(told.all.count == 2)
        _ = (stays, watch)
    }

    /// Two that come at the same moment, or on both sides of a cut: one stays, and the other is told.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func ofTwoAtOnceOneStays(seed: UInt64) throws {
        let site = try Site(seed: seed, WorldFaults())
        let ends = Ends()
        if seed % 2 == 0 { site.ports[0].setCutOff(true) }
        var stays: [PresenceStay] = []
        for user in 0..<20 {
            for index in 0..<3 { stays.append(stay(site, index, "\(user)", users, .replacing, ends)) }
        }
        site.world.run(for: .seconds(4))
        site.ports[0].setCutOff(false)
        site.world.calm()
        let names = (0..<20).map { "\($0)" }.sorted()
        #expect(
            site.world.run(within: .seconds(30)) {
                site.all(see: names, in: users) && ends.all.count == 40
                    && names.allSatisfy { name in
                        site.presences.allSatisfy { $0.nodes(of: name, in: users).count == 1 }
                    }
            })
        site.world.run(for: .seconds(20))
        #expect(ends.all.count == 40)
        _ = stays
    }

    /// Who comes late is told all, part by part.
    @Test func manyAreToldPartByPart() throws {
        let site = try Site(bytesMax: 64 << 20)
        var stays = (0..<20_000).map { stay(site, $0 % 2, "user \($0)", room) }
        site.world.run(for: .seconds(1))
        stays.removeFirst(5000)
        site.world.run(for: .seconds(1))
        #expect(site.presences[0].count(of: room) == 15_000 && site.presences[2].count(of: room) == 15_000)
        try site.begin(2, bytesMax: 64 << 20)
        #expect(site.world.run(within: .seconds(3)) { site.presences[2].count(of: room) == 15_000 })
        #expect(site.presences[2].byteCount == site.presences[0].byteCount && site.presences[2].isComplete)
        site.ports[2].setCutOff(true)
        stays.removeLast(6000)
        // So much more happens that who has gone is not among the changes that are remembered.
        for number in 0..<9000 {
            for index in 0..<2 { stays[index].update(SharedBytes("\(number)".utf8)) }
        }
        site.world.run(for: .seconds(1))
        stays += (0..<10).map { stay(site, 0, "new \($0)", room) }
        site.world.run(for: .seconds(1))
        #expect(site.presences[2].count(of: room) == 15_000)
        site.ports[2].setCutOff(false)
        #expect(site.world.run(within: .seconds(6)) { site.presences[2].count(of: room) == 9010 })
        #expect(site.presences[2].byteCount == site.presences[0].byteCount)
    }

    @Test func memoryIsBounded() throws {
        let site = try Site(bytesMax: 4096)
        let ends = Ends()
        var stays = (0..<20).map { stay(site, 0, "user \($0)", room, .beside, ends) }
        site.world.run(for: .seconds(1))
        let count = site.presences[0].count(of: room)
        #expect(count > 5 && ends.all.count == 20 - count && ends.all[0].contains("full"))
        let other = stay(site, 1, "other", room, .beside, ends)
        site.world.run(for: .seconds(3))
        #expect(site.presences.allSatisfy { $0.byteCount <= 4096 })
        #expect(ends.all.last?.contains("full") == true)
        stays.removeFirst(6)
        site.world.run(for: .seconds(1))
        // More than fit, together.
        stays += (0..<4).map { stay(site, 1, "b \($0)", room, .beside, ends) }
        stays += (0..<4).map { stay(site, 2, "c \($0)", room, .beside, ends) }
        site.world.run(for: .seconds(10))
        #expect(site.presences.contains { !$0.isComplete })
        #expect(site.presences.allSatisfy { $0.byteCount <= 4096 })
        // Room again: who was left out is asked for.
        stays.removeFirst(stays.count - 8)
        site.world.run(for: .seconds(10))
        #expect(
            site.presences.allSatisfy { $0.isComplete && $0.count(of: room) == site.names(room, by: 0).count }
        )
        _ = other
    }

    @Test func whatBreaksARuleIsRefused() throws {
        let site = try Site()
        let ends = Ends()
        let long = String(repeating: "x", count: 257)
        let stays = [
            stay(site, 0, "", room, .beside, ends), stay(site, 0, long, room, .beside, ends),
            site.presences[0].enter(room, as: "a", note: SharedBytes(long.utf8)) { ends.add("a: \($0)") },
        ]
        site.world.run(for: .seconds(1))
        #expect(ends.all.count == 3 && ends.all.allSatisfy { $0.contains(": invalid: expected a name of 1") })
        #expect(PresenceEnd.replaced(node: "b").closeCode.rawValue == 4001)
        // A node that ends tells all who are there, and the others at once.
        let last = stay(site, 0, "last", room, .beside, ends)
        #expect(site.world.run(within: .seconds(1)) { site.names(room, by: 1) == ["last"] })
        site.presences[0].stop()
        #expect(site.world.run(within: .seconds(1)) { site.names(room, by: 1).isEmpty })
        #expect(ends.all.last?.hasPrefix("last: closed") == true)
        #expect(throws: ConfigurationError.self) {
            var options = PresenceOptions()
            options.bytesMax = 1
            _ = try ClusterPresence(site.nodes[1], options)
        }
        _ = (stays, last)
    }

    /// A cluster at rest says one thing a beat and node, however many are there.
    @Test func restIsCheap() throws {
        let site = try Site()
        let stays = (0..<500).map { stay(site, $0 % 3, "user \($0)", room) }
        site.world.run(for: .seconds(10))
        let heard = Journal<Int>()
        let port = site.world.makePort()
        _ = port.subscribe(site.presences[0].everybody) { heard.add($0.count) }
        site.world.run(for: .seconds(60))
        #expect((87...93).contains(heard.all.count) && heard.all.allSatisfy { $0 < 64 })
        _ = stays
    }
}
