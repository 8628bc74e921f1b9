import ClusterSimulation
import Testing
import ZCNet

@testable import ZCCluster

/// Listeners that come back: everything since, or word that it cannot be known, and never a part.
@Suite struct ChannelPositionTests {
    private let room = ChannelName.named("room")

    /// A log over an engine whose servers may lose it, and nodes of one life each.
    private final class Site {
        let world = SimulatedWorld(seed: 3, .none)
        let room = ChannelName.named("room")
        private(set) var port: SimulatedPort
        private(set) var node: ClusterNode
        private var lives: UInt64 = 0

        init() throws {
            (port, node) = try Self.live(world, 1)
            #expect(world.run(within: .seconds(30)) { self.node.slotCount == 256 })
        }

        private static func live(_ world: SimulatedWorld, _ life: UInt64) throws -> (
            SimulatedPort, ClusterNode
        ) {
            let port = world.makePort()
            let options = ClusterOptions(name: "node-\(life)")
            let node = try ClusterNode(port, options, incarnation: life) { _ in }
            node.start()
            return (port, node)
        }

        /// The node is gone, and another one leads after a while.
        func replaceNode() throws {
            lives += 1
            port.kill()
            (port, node) = try Self.live(world, lives + 1)
            // Another node may have a share of the slots.
            #expect(world.run(within: .seconds(60)) { self.node.slotCount > 0 })
        }

        func publish(_ texts: String...) throws {
            let answers = Journal<NodeMessage.Outcome>()
            let messages = texts.map { SharedBytes($0.utf8) }
            node.append(messages, to: room) { answers.add($0) }
            #expect(world.run(within: .seconds(60)) { !answers.all.isEmpty })
            _ = try answers.all.first?.get()
        }

        /// The newest records are gone, as after a power failure of a majority.
        func lose(_ count: Int) { for _ in 0..<count { world.loseNewest(of: room) } }

        func listen(_ start: ChannelFeed.Start, by node: ClusterNode? = nil) -> Listener {
            Listener(node ?? self.node, room, start)
        }

        func settle() { world.run(for: .seconds(20)) }
    }

    private final class Listener {
        let told = Journal<String>()
        let feed: ChannelFeed

        init(_ node: ClusterNode, _ room: ChannelName, _ start: ChannelFeed.Start) {
            let told = told
            feed = node.listen(to: room, from: start) { event in
                switch event {
                case .begun: break
                case .messages(let batch):
                    for message in batch.batch.messages { told.add(message.bytes.text) }
                case .ended(let error): told.add("\(error.code)")
                }
            }
        }
    }

    @Test func everythingSinceComes() throws {
        let site = try Site()
        let first = site.listen(.position(.beginning))
        let empty = site.listen(.new)
        site.settle()
        #expect(first.feed.position == .beginning && empty.feed.position == .beginning)
        try site.publish("1", "2", "3")
        try site.publish("4")
        site.settle()
        #expect(first.told.all == ["1", "2", "3", "4"] && empty.told.all == first.told.all)
        let position = try #require(first.feed.position)
        #expect(position == empty.feed.position && position.next.rawValue == 5)
        let new = site.listen(.new)
        site.settle()
        #expect(new.feed.position == position)
        for listener in [first, empty, new] { listener.feed.end() }
        try site.publish("5")
        try site.replaceNode()
        try site.publish("6")
        let back = site.listen(.position(position))
        site.settle()
        #expect(back.told.all == ["5", "6"])
        try site.publish("7")
        site.settle()
        #expect(back.told.all == ["5", "6", "7"])
        let end = try #require(back.feed.position)
        let nothing = site.listen(.position(end))
        site.settle()
        #expect(nothing.told.all.isEmpty && nothing.feed.position == end)
        // Nobody else's position will do.
        let other = site.listen(.position(ChannelPosition(next: end.next, epoch: position.epoch)))
        site.settle()
        #expect(other.told.all == ["another history"])
    }

    /// Positions within a record of several entries, page by page.
    @Test func pagesGoOnWhereTheyEnd() throws {
        let site = try Site()
        for number in 0..<20 { try site.publish("\(2 * number)", "\(2 * number + 1)") }
        var (position, texts): (ChannelPosition, [String]) = (.beginning, [])
        for _ in 0..<40 {
            let pages = Journal<Result<ChannelHistory, ClusterError>>()
            site.node.read(room, behind: position, limit: ReadLimit(messagesMax: 3, bytesMax: 100)) {
                pages.add($0)
            }
            site.settle()
            let page = try #require(try pages.all.first?.get())
            if page.batches.isEmpty { break }
            texts += page.batches.flatMap(\.batch.messages).map { $0.bytes.text }
            position = page.position
            #expect(position.next.rawValue == UInt64(texts.count + 1))
        }
        #expect(texts == (0..<40).map { "\($0)" })
        let listener = site.listen(.number(MessageSequence(rawValue: 4)))
        site.settle()
        // Where one begins by number within a record, what was before is nobody's.
        #expect(listener.told.all == (3..<40).map { "\($0)" } && listener.feed.position == position)
    }

    @Test(arguments: [false, true])
    func whatALogHasLostCannotBeKnown(isWrittenAgain: Bool) throws {
        let site = try Site()
        let listener = site.listen(.new)
        for number in 1...5 { try site.publish("\(number)") }
        site.settle()
        #expect(listener.told.all.count == 5)
        let position = try #require(listener.feed.position)
        listener.feed.end()
        site.lose(2)
        try site.replaceNode()
        if isWrittenAgain { for number in 4...8 { try site.publish("\(number) again") } }
        let back = site.listen(.position(position))
        site.settle()
        #expect(back.told.all == [isWrittenAgain ? "another history" : "records lost"])
        // And by number alone, it is a part.
        let part = site.listen(.number(position.next))
        site.settle()
        #expect(part.told.all == (isWrittenAgain ? ["6 again", "7 again", "8 again"] : ["not found"]))
        // All of it.
        site.lose(10)
        let none = site.listen(.position(position))
        site.settle()
        #expect(none.told.all == ["records lost"])
        try site.replaceNode()
        for number in 1...9 { try site.publish("\(number) at last") }
        let last = site.listen(.position(position))
        site.settle()
        #expect(last.told.all == ["another history"])
    }

    /// A feed that listens all the time ends, whether it hears what is written in place of what was lost, or
    /// was away meanwhile.
    @Test(arguments: [false, true])
    func aFeedDoesNotGoOnInAnotherHistory(isAway: Bool) throws {
        let site = try Site()
        // On a way of its own to the engine, as the node that leads is killed.
        let port = site.world.makePort()
        let witness = try ClusterNode(port, ClusterOptions(name: "witness"), incarnation: 77) { _ in }
        witness.start()
        let listener = site.listen(.new, by: witness)
        site.settle()
        for number in 1...5 { try site.publish("\(number)") }
        site.settle()
        #expect(listener.told.all.count == 5)
        port.setCutOff(isAway)
        site.lose(2)
        try site.replaceNode()
        for number in 4...8 { try site.publish("\(number) again") }
        port.setCutOff(false)
        site.settle()
        #expect(listener.told.all == ["1", "2", "3", "4", "5", "another history"])
    }
}
