import ClusterSimulation
import Testing
import ZCNet

@testable import ZCCluster

/// What passes and is stored nowhere, over an engine in virtual time that loses, repeats and delays.
@Suite struct PassingFeedTests {
    private let room = ChannelName.named("cursors")

    /// What one listener was told: `1 7` is the first node's seventh message.
    private typealias Told = Journal<PassingFeed.Event>

    private struct Site {
        let world: SimulatedWorld
        var ports: [SimulatedPort] = []
        var nodes: [ClusterNode] = []

        init(seed: UInt64, _ faults: WorldFaults) throws {
            world = SimulatedWorld(seed: seed, faults)
            for index in 0..<3 {
                let port = world.makePort()
                let node = try ClusterNode(
                    port, ClusterOptions(name: "node-\(index)"), incarnation: UInt64(index + 1)
                ) { _ in }
                node.start()
                ports.append(port)
                nodes.append(node)
            }
            world.run(for: .milliseconds(100))
        }

        func listen(to room: ChannelName, by node: Int) -> (PassingFeed, Told) {
            let told = Told()
            return (nodes[node].listenPassing(to: room) { told.add($0) }, told)
        }
    }

    /// Numbers by node, where they go back or leave something out without a word, and gaps.
    private func check(_ told: Told) -> (faults: [String], heard: Int, gaps: Int) {
        var (last, faults, heard, gaps): ([Substring: Int], [String], Int, Int) = ([:], [], 0, 0)
        var hasGap = false
        for event in told.all {
            guard case .message(let bytes) = event else {
                gaps += 1
                hasGap = true
                continue
            }
            heard += 1
            let words = bytes.bytes.text.split(separator: " ")
            let number = Int(words[1]) ?? -1
            let before = last[words[0]] ?? number - 1
            if number <= before { faults.append("\(bytes.bytes.text) behind \(before)") }
            if number > before + 1 && !hasGap { faults.append("\(before), \(number) without a gap") }
            last[words[0]] = number
            hasGap = false
        }
        return (faults, heard, gaps)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func whatIsMissedIsTold(seed: UInt64) throws {
        let site = try Site(seed: seed, WorldFaults())
        let (feed, told) = site.listen(to: room, by: 0)
        let (other, elsewhere) = site.listen(to: ChannelName.named("elsewhere"), by: 0)
        for number in 1...200 {
            for index in 0..<3 {
                try site.nodes[index].pass(SharedBytes("\(index) \(number)".utf8), to: room)
                if number % 3 == 0 {
                    try site.nodes[index].pass(
                        SharedBytes("\(index) \(number / 3)".utf8), to: ChannelName.named("elsewhere"))
                }
            }
            site.world.run(for: .milliseconds(number % 4))
        }
        site.world.run(for: .seconds(5))
        let result = check(told)
        #expect(result.faults.isEmpty)
        // One in twenty is lost, one in a hundred late, and those that were overtaken are dropped.
        #expect(result.heard > 300 && result.heard < 600 && result.gaps > 0 && result.gaps < 200)
        #expect(check(elsewhere).faults.isEmpty)
        feed.end()
        other.end()
    }

    @Test func nothingIsMissedWhereNothingIsLost() throws {
        var faults = WorldFaults.none
        faults.delayMicroseconds = 300...300
        let site = try Site(seed: 1, faults)
        let (feed, told) = site.listen(to: room, by: 1)
        for number in 1...100 {
            for index in 0..<3 {
                try site.nodes[index].pass(SharedBytes("\(index) \(number)".utf8), to: room)
            }
        }
        site.world.run(for: .seconds(1))
        let result = check(told)
        #expect(result.faults.isEmpty && result.heard == 300 && result.gaps == 0)
        // Away and back: what passed meanwhile is not known.
        site.ports[1].setCutOff(true)
        try site.nodes[0].pass("0 101", to: room)
        site.world.run(for: .seconds(1))
        #expect(told.all.count == 300)
        site.ports[1].setCutOff(false)
        site.world.run(for: .seconds(1))
        #expect(told.all.count == 301 && told.all.last == .gap)
        // A node that starts anew is another one, and nobody waits for what the old one would have said.
        let reborn = try ClusterNode(site.world.makePort(), ClusterOptions(name: "new"), incarnation: 9) {
            _ in
        }
        reborn.start()
        site.world.run(for: .seconds(1))
        try reborn.pass("9 1", to: room)
        site.world.run(for: .seconds(1))
        #expect(told.all.last == .message("9 1") && told.all.count == 302)
        feed.end()
        site.world.run(for: .seconds(1))
        try reborn.pass("9 2", to: room)
        site.world.run(for: .seconds(1))
        #expect(told.all.count == 302)
    }

    @Test func whatCannotPassIsRefused() throws {
        let site = try LocalSite()
        let node = try site.joined("a")
        let large = SharedBytes(copying: Array(repeating: 7, count: 2 << 20))
        let refused = try site.answer { (answer: @escaping EngineAnswer<Void>) in
            do throws(ClusterError) { answer(.success(try node.pass(large, to: room))) } catch {
                answer(.failure(error))
            }
        }
        guard case .failure(let error) = refused else {
            Issue.record("expected a refusal")
            return
        }
        #expect(error.code == .tooLarge)
    }
}
