import Testing

@testable import ZCNet

/// Accepting while descriptors run out, connections break off early, and limits hold.
@Suite struct AcceptingTests {
    @Test(arguments: [1, 3])
    func withoutDescriptorsItAsksSeldomAndRecovers(loops: Int) throws {
        let world = try World(loops: loops) { $0.acceptStrategy = .roundRobin }
        world.network.descriptorsMax = 4
        let peers = (0..<10).map { _ in world.connect() }
        try world.network.run(for: .seconds(1))
        #expect(world.ledger.opens == 4)
        let before = world.network.acceptAttempts
        try world.network.run(for: .seconds(10))
        let attempts = world.network.acceptAttempts - before
        #expect((5...20).contains(attempts), "\(attempts) attempts in ten seconds")
        #expect(world.ledger.closes == 0)
        world.network.descriptorsMax = nil
        for peer in peers { peer.send("hello") }
        #expect(try world.network.run { peers.allSatisfy { $0.received.count == 5 } }, world.replay)
        #expect(world.ledger.opens == 10)
        world.network.stop()
        #expect(world.ledger.isBalanced)
    }

    @Test func brokenConnectionsInTheBacklogAreStepsNotStops() throws {
        var faults = SimulatedFaults.none
        faults.abortedAccepts = 0.5
        let world = try World(seed: 11, faults: faults)
        let peers = (0..<40).map { _ in world.connect() }
        for peer in peers { peer.send("hello") }
        try world.network.run { peers.allSatisfy { $0.wasReset || $0.received.count == 5 } }
        let good = peers.filter { $0.received.count == 5 }.count
        #expect(good > 5 && good < 35 && world.ledger.opens == good)
        #expect(world.network.acceptAttempts == 40 && world.network.elapsed < .milliseconds(100))
        world.network.stop()
        #expect(world.ledger.isBalanced)
    }

    @Test(arguments: [1, 3])
    func connectionsMaxLeavesTheRestInTheBacklog(loops: Int) throws {
        let world = try World(loops: loops) {
            $0.connectionsMax = 3
            $0.acceptStrategy = .roundRobin
        }
        let peers = (0..<9).map { _ in world.connect() }
        for peer in peers {
            peer.send("hello")
            peer.finish()
        }
        var most = 0
        let isOver = try world.network.run {
            most = max(most, world.server.connectionCount)
            return peers.allSatisfy { $0.isOver }
        }
        #expect(isOver, world.replay)
        #expect(most == 3 && peers.allSatisfy { $0.received.count == 5 && !$0.wasReset }, world.replay)
        world.network.stop()
        #expect(world.ledger.isBalanced && world.ledger.opens == 9)
    }

    @Test func perAddressMaxRejectsOnlyThatAddress() throws {
        let world = try World { $0.perAddressMax = 2 }
        let crowd = (0..<5).map { _ in world.connect(from: IPAddress(10, 0, 0, 1)) }
        let other = world.connect(from: IPAddress(10, 0, 0, 2))
        other.send("hello")
        for peer in crowd { peer.send("hello") }
        try world.network.run { other.received.count == 5 && crowd.count { $0.received.count == 5 } == 2 }
        #expect(try world.network.run { crowd.count { $0.wasReset } == 3 })
        #expect(world.ledger.opens == 3 && world.server.connectionCount == 3)
        for peer in crowd { peer.finish() }
        #expect(try world.network.run { world.server.connectionCount == 1 })
        let again = world.connect(from: IPAddress(10, 0, 0, 1))
        again.send("hello")
        #expect(try world.network.run { again.received.count == 5 })
        world.network.stop()
        #expect(world.ledger.isBalanced)
    }
}
