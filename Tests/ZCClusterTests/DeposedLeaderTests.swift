import ClusterSimulation
import Testing
import ZCNet

@testable import ZCCluster

/// Leaders that are gone and come back, and logs that lose what they had: one thing at a time.
@Suite struct DeposedLeaderTests {
    private let room = ChannelName.named("room")

    private struct Site {
        let world = SimulatedWorld(seed: 1, .none)
        var ports: [SimulatedPort] = []
        var nodes: [ClusterNode] = []
        let events = Journal<ClusterEvent>()

        /// Nodes that have shared the slots.
        init(_ names: [String], forwardTimeout: Duration = .seconds(2)) throws {
            for (index, name) in names.enumerated() {
                var options = ClusterOptions(name: name)
                options.leaseLength = .seconds(3)
                options.forwardTimeout = forwardTimeout
                let port = world.makePort()
                let events = events
                let node = try ClusterNode(port, options, incarnation: UInt64(index + 1)) { events.add($0) }
                node.start()
                ports.append(port)
                nodes.append(node)
            }
            let nodes = nodes
            let isShared = world.run(within: .seconds(30)) {
                nodes.allSatisfy { $0.slotCount > 0 } && nodes.reduce(0) { $0 + $1.slotCount } == 256
            }
            #expect(isShared)
        }

        func publish(_ text: String, _ room: ChannelName, by node: Int) -> Journal<NodeMessage.Outcome> {
            let answers = Journal<NodeMessage.Outcome>()
            let node = nodes[node]
            node.engine.perform { node.append([SharedBytes(text.utf8)], to: room) { answers.add($0) } }
            return answers
        }

        /// What comes of it, when it comes.
        func published(_ text: String, _ room: ChannelName, by node: Int) -> NodeMessage.Outcome? {
            let answers = publish(text, room, by: node)
            _ = world.run(within: .seconds(60)) { !answers.all.isEmpty }
            return answers.all.first
        }
    }

    private func number(_ outcome: NodeMessage.Outcome?) -> UInt64? {
        if case .success(let range)? = outcome { range.lowerBound.rawValue } else { nil }
    }

    @Test func aFrozenLeaderComesBackAndIsRefused() throws {
        let site = try Site(["a", "b"])
        let leader = try #require(
            site.nodes.indices.first { site.nodes[$0].keeper.term(of: room.slot) != nil })
        let other = 1 - leader
        #expect(number(site.published("1", room, by: other)) == 1)
        let before = try #require(site.nodes[leader].keeper.term(of: room.slot))
        site.ports[leader].freeze()
        // Within two leases, and meanwhile nobody is told anything wrong.
        let late = site.publish("2", room, by: other)
        #expect(site.world.run(within: .seconds(6)) { site.nodes[other].keeper.term(of: room.slot) != nil })
        #expect(site.world.run(within: .seconds(10)) { !late.all.isEmpty } && number(late.all.first) == 2)
        #expect(try #require(site.nodes[other].keeper.term(of: room.slot)) > before)
        // What it is given before it hears of anything does not come between.
        let own = site.publish("3", room, by: leader)
        site.ports[leader].thaw()
        #expect(site.world.run(within: .seconds(30)) { !own.all.isEmpty } && number(own.all.first) == 3)
        #expect(number(site.published("4", room, by: leader)) == 4)
        let texts = Journal<[String]>()
        site.nodes[other].read(room, from: .first) { result in
            texts.add(((try? result.get()) ?? []).flatMap(\.batch.messages).map { $0.bytes.text })
        }
        #expect(site.world.run(within: .seconds(5)) { !texts.all.isEmpty })
        #expect(texts.all.first == ["1", "2", "3", "4"])
    }

    /// What a leader was asked that died goes to the next one as soon as there is one, and not only when an
    /// answer is overdue.
    @Test func aNewLeaderIsAskedAtOnce() throws {
        let site = try Site(["a", "b", "c"], forwardTimeout: .seconds(25))
        let leader = try #require(
            site.nodes.indices.first { site.nodes[$0].keeper.term(of: room.slot) != nil })
        let others = site.nodes.indices.filter { $0 != leader }
        #expect(number(site.published("1", room, by: others[0])) == 1)
        site.ports[leader].kill()
        let late = others.map { site.publish("by \($0)", room, by: $0) }
        let taken = site.world.run(within: .seconds(6)) {
            others.contains { site.nodes[$0].keeper.term(of: room.slot) != nil }
        }
        #expect(taken)
        #expect(site.world.run(within: .seconds(1)) { late.allSatisfy { !$0.all.isEmpty } })
        #expect(late.compactMap { number($0.all.first) }.sorted() == [2, 3])
    }

    /// Two logs that are told to lead, one of them of an older term, over an engine that lets appends race
    /// and over one that does not.
    @Test(arguments: [false, true])
    func twoThatBelieveToLead(isRacy: Bool) throws {
        var faults = WorldFaults.none
        faults.isRacy = isRacy
        let world = SimulatedWorld(seed: 7, faults)
        let done = Journal<(text: String, number: UInt64)>()
        let refused = Journal<ClusterError>()
        for writer in 1...2 as ClosedRange<UInt64> {
            let count = OwnedCell<UInt64>(0)
            let owner = ChannelLog.Owner(
                term: { 4 },
                author: {
                    count[] += 1
                    return BatchIdentity(producer: writer, number: count[])
                },
                stored: { _, _, _, _ in }, opened: { _, _ in }, broken: { _, error in refused.add(error) })
            let log = ChannelLog(room, world.makePort(), ChannelLimits(), owner: owner)
            @Sendable func next(_ number: Int) {
                if number > 50 { return }
                log.append(ChannelEntry([SharedBytes("\(writer) \(number)".utf8)])) { result in
                    switch result {
                    case .success(let range): done.add(("\(writer) \(number)", range.lowerBound.rawValue))
                    case .failure(let error): refused.add(error)
                    }
                    next(number + 1)
                }
            }
            next(1)
        }
        #expect(world.run(within: .seconds(60)) { done.all.count == 100 })
        #expect(refused.all.isEmpty && done.all.map(\.number).sorted() == (1...100).map { UInt64($0) })
        let texts = Journal<[String]>()
        let limit = ReadLimit(messagesMax: .max, bytesMax: .max)
        ChannelReader(world.makePort(), room).read(from: .first, limit: limit) { result in
            texts.add(((try? result.get()) ?? []).flatMap(\.batch.messages).map { $0.bytes.text })
        }
        #expect(world.run(within: .seconds(5)) { !texts.all.isEmpty })
        #expect(texts.all.first == done.all.sorted { $0.number < $1.number }.map(\.text))
    }

    @Test func aLogThatHasLostARecordIsNotWrittenTo() throws {
        let site = try Site(["a"])
        for count in 1...3 as ClosedRange<UInt64> {
            #expect(number(site.published("\(count)", room, by: 0)) == count)
        }
        site.world.loseNewest(of: room)
        guard case .failure(let error)? = site.published("4", room, by: 0) else {
            Issue.record("the loss was passed over")
            return
        }
        #expect(error.code == .unknown && error.got.contains("records lost"))
        let isTold = site.events.all.contains { event in
            if case .broken(let channel, let error) = event {
                channel == room && error.code == .recordsLost
            } else {
                false
            }
        }
        #expect(isTold)
    }

    /// A log without its middle is not read as if it were whole.
    @Test func aFeedEndsWhereTheLogDoes() throws {
        let site = try Site(["a"])
        for count in 1...3 as ClosedRange<UInt64> {
            #expect(number(site.published("\(count)", room, by: 0)) == count)
        }
        let told = Journal<String>()
        let node = site.nodes[0]
        let feeds = Journal<ChannelFeed>()
        let room = room
        node.engine.perform {
            feeds.add(
                node.listen(to: room, from: .number(MessageSequence(rawValue: 9))) { event in
                    if case .ended(let error) = event { told.add("\(error.code)") }
                })
        }
        #expect(site.world.run(within: .seconds(10)) { !told.all.isEmpty } && told.all == ["not found"])
    }
}
