import Testing

@testable import ZCNet
@testable import ZCNetTesting

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

    /// The default leaves descriptors to the application, whatever the process may have.
    @Test func connectionsMaxIsAShareOfTheDescriptors() {
        let shares = [
            (nil, 896), (0, 1), (1, 1), (2, 1), (64, 32), (127, 63), (128, 64), (200, 136), (512, 448),
            (1024, 896), (20_000, 17_500), (1 << 20, 917_504), (1 << 30, 1 << 20), (Int.max, 1 << 20),
        ]
        for (limit, share) in shares as [(Int?, Int)] {
            let found = TCPServer.Configuration.connectionsMax(ofDescriptors: limit)
            #expect(found == share, "of \(limit ?? -1) descriptors")
        }
        let most = TCPServer.Configuration.connectionsMaxByDescriptors
        #expect(TCPServer.Configuration().connectionsMax == most)
        #expect(most < Descriptor.countMax ?? 0)
    }

    /// A crowd that is turned away makes one line a minute, and the line says how large it was.
    @Test func aLimitThatBitesIsToldOnceAMinute() throws {
        let events = Monitor<[Events.Event]>([])
        let world = try World {
            $0.group.observer = Events(events)
            $0.perAddressMax = 1
            $0.connectionsMax = 2
        }
        var limits: [Events.Event] {
            events.value.filter { if case .limit = $0 { true } else { false } }
        }
        let first = world.connect(from: IPAddress(10, 0, 0, 1))
        try world.network.run { first.wasConnected && world.server.connectionCount == 1 }
        func crowd(_ count: Int) throws {
            let peers = (0..<count).map { _ in world.connect(from: IPAddress(10, 0, 0, 1)) }
            #expect(try world.network.run { peers.allSatisfy(\.wasReset) }, world.replay)
        }
        try crowd(20)
        #expect(limits == [.limit(.perAddressMax, count: 1)])
        try world.network.run(for: .seconds(30))
        try crowd(5)
        #expect(limits.count == 1)
        try world.network.run(for: .seconds(31))
        try crowd(3)
        #expect(limits.last == .limit(.perAddressMax, count: 25) && limits.count == 2)
        #expect(events.value.count { if case .rejected = $0 { true } else { false } } == 28)
        // Another limit is another matter; its first is told at once.
        let second = world.connect(from: IPAddress(10, 0, 0, 2))
        second.send("hello")
        #expect(try world.network.run { second.received.count == 5 })
        #expect(limits.last == .limit(.connectionsMax, count: 1) && limits.count == 3)
        world.network.stop()
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
