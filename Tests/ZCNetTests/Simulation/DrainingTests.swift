import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Accepted bytes and a close behind them: a peer that reads on gets all, however long it takes; one that
/// stands still, or trickles, is let go.
@Suite struct DrainingTests {
    static let bytes = pattern(60_000, salt: 4)

    private static func world(
        sending: SimulatedSending, _ configure: (inout TCPServer.Configuration) -> Void = { _ in }
    ) throws -> World {
        try World(faults: OverflowTests.smallKernel(), sending: sending) {
            $0.connection.lingerTimeout = .seconds(2)
            configure(&$0)
        } handler: { handler in
            handler.received = { _, peer in
                #expect(peer.send(bytes.span).isAccepted)
                peer.close()
            }
        }
    }

    /// Has the peer read what its kernel holds, once per `step`, until the connection is over for it.
    private static func readSlowly(_ world: World, _ peer: SimulatedPeer, step: Duration) throws {
        peer.pauseReading()
        peer.send("go")
        while !peer.isOver && world.network.elapsed < .seconds(600) {
            try world.network.run(for: step)
            peer.resumeReading()
            peer.pauseReading()
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func acceptedBytesReachASteadyReaderAfterAClose(sending: SimulatedSending) throws {
        let world = try Self.world(sending: sending)
        let peer = world.connect()
        try Self.readSlowly(world, peer, step: .seconds(1))
        #expect(peer.received == Self.bytes && peer.isEnded && !peer.wasReset, world.replay)
        #expect(world.network.elapsed > .seconds(10), "as slow as meant")
        #expect(try world.network.run { world.ledger.closes == 1 })
        #expect(world.ledger.causes == [.local] && world.leftovers == World.nothing)
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func acceptedBytesReachASteadyReaderInAShutdown(sending: SimulatedSending) throws {
        let world = try Self.world(sending: sending)
        let peer = world.connect()
        peer.pauseReading()
        peer.send("go")
        try world.network.run(for: .milliseconds(10))
        world.group.shutdown(grace: .seconds(100))
        try Self.readSlowly(world, peer, step: .seconds(1))
        #expect(peer.received == Self.bytes && peer.isEnded && !peer.wasReset, world.replay)
        #expect(try world.network.run { world.network.members.isEmpty })
        #expect(world.network.elapsed < .seconds(60), world.replay)
    }

    @Test(arguments: SimulatedSending.allCases)
    func aReaderThatStandsStillIsGivenUpAfterTheLastItTook(sending: SimulatedSending) throws {
        let world = try Self.world(sending: sending)
        let peer = world.connect()
        peer.pauseReading()
        peer.send("go")
        for _ in 0..<5 {
            try world.network.run(for: .seconds(1))
            peer.resumeReading()
            peer.pauseReading()
        }
        let last = world.network.elapsed
        #expect(try world.network.run { world.ledger.closes == 1 })
        let stood = world.network.elapsed - last
        #expect(stood >= .milliseconds(1990) && stood <= .milliseconds(2300), "\(stood)")
        #expect(world.ledger.causes == [.timeout(.linger)])
        #expect(try world.network.run { peer.wasReset })
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func aReaderThatTricklesIsGivenUpAtTheLimit(sending: SimulatedSending) throws {
        let world = try Self.world(sending: sending) { $0.connection.drainTimeoutMax = .seconds(5) }
        let peer = world.connect()
        try Self.readSlowly(world, peer, step: .seconds(1))
        #expect(world.ledger.causes == [.timeout(.linger)] && peer.wasReset, world.replay)
        #expect(world.network.elapsed >= .seconds(5) && world.network.elapsed < .seconds(8))
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// All has come to the peer's kernel and the peer does not end its side: no reset may destroy there what
    /// it has not read yet.
    @Test(arguments: SimulatedSending.allCases)
    func whoHasEverythingIsNotReset(sending: SimulatedSending) throws {
        let world = try World(sending: sending) {
            $0.connection.lingerTimeout = .seconds(2)
        } handler: { handler in
            handler.received = { data, peer in
                peer.send(data)
                peer.close()
            }
        }
        let peer = world.connect()
        peer.pauseReading()
        peer.send(pattern(30_000, salt: 1))
        #expect(try world.network.run { world.ledger.closes == 1 })
        #expect(world.ledger.causes == [.local])
        try world.network.run(for: .seconds(20))
        peer.resumeReading()
        #expect(peer.received == pattern(30_000, salt: 1) && peer.isEnded && !peer.wasReset)
        world.network.stop()
    }

    @Test func aSlowReaderIsNotIdle() throws {
        let world = try World(faults: OverflowTests.smallKernel()) {
            $0.connection.idleTimeout = .seconds(4)
        } handler: { handler in
            handler.received = { _, peer in peer.send(Self.bytes.span) }
        }
        // So that bytes are acknowledged long before the kernel takes more.
        world.network.faults.sendBufferBytes = 100_000
        let peer = world.connect()
        peer.pauseReading()
        peer.send("go")
        while peer.received.count < Self.bytes.count && world.ledger.closes == 0 {
            try world.network.run(for: .seconds(3))
            peer.resumeReading()
            peer.pauseReading()
        }
        #expect(peer.received == Self.bytes, world.replay)
        #expect(try world.network.run { world.ledger.closes == 1 })
        #expect(world.ledger.causes == [.timeout(.idle)])
        world.network.stop()
    }

    // MARK: Shutdown

    /// A connection whose blocked output has drained is told of the shutdown although others keep the loop
    /// busy: turns without anything to do never come.
    @Test func aBusyLoopTellsEverybodyOfAShutdown() throws {
        let world = try World(faults: OverflowTests.smallKernel()) {
            $0.connection.outboundHighWatermarkBytes = 8000
            $0.connection.outboundLowWatermarkBytes = 4000
            $0.connection.lingerTimeout = .seconds(60)
        } handler: { handler in
            handler.received = { data, peer in
                if data.count > 2 { peer.send(data) }
            }
        }
        let pressed = world.connect()
        pressed.pauseReading()
        pressed.send(pattern(30_000, salt: 1))
        let chatty = (0..<3).map { _ in world.connect() }
        for peer in chatty { peer.closesAtEnd = false }
        try world.network.run(for: .milliseconds(20))
        #expect(!world.hosts[0].state[].shutdown.hasBegun)
        world.group.shutdown(grace: .seconds(30))
        let start = world.network.elapsed
        pressed.resumeReading()
        while !pressed.isEnded && world.network.elapsed - start < .seconds(20) {
            for peer in chatty where !peer.isOver || peer.isEnded { peer.send("x") }
            try world.network.run(for: .microseconds(25))
        }
        #expect(pressed.isEnded && !pressed.wasReset, world.replay)
        #expect(world.network.elapsed - start < .seconds(2), "\(world.network.elapsed - start)")
        world.network.stop()
    }
}
