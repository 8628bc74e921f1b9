import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Accepted connections that are taken on a few per turn.
@Suite struct ArrivalTests {
    private static func world(loops: Int = 1) throws -> World {
        let world = try World(loops: loops) { $0.acceptStrategy = .roundRobin }
        for host in world.hosts { host.limitArrivals(perTurn: 1) }
        return world
    }

    @Test(arguments: [1, 3]) func allOfACrowdAreTakenOnInTurn(loops: Int) throws {
        let world = try Self.world(loops: loops)
        let peers = (0..<40).map { _ in world.connect() }
        for peer in peers { peer.send("hello") }
        var waited = 0
        try world.network.run {
            waited = max(waited, world.server.connectionCount - world.ledger.opens)
            return peers.allSatisfy { $0.received.count == 5 }
        }
        #expect(world.ledger.opens == 40 && waited > 0, "\(waited) waited at most")
        // A loop that accepts for itself leaves the others in the backlog.
        #expect(loops > 1 || waited == 1, "\(waited) waited at most")
        world.network.stop()
        #expect(world.ledger.isBalanced)
    }

    /// Whoever was accepted and not taken on is let go, with its place.
    @Test(arguments: [true, false]) func anEndFindsTheCrowd(isInGoodOrder: Bool) throws {
        let world = try Self.world()
        let peers = (0..<40).map { _ in world.connect() }
        try world.network.run { world.server.connectionCount > world.ledger.opens }
        #expect(world.server.connectionCount > world.ledger.opens)
        if isInGoodOrder {
            world.server.shutdown(grace: .seconds(1))
            try world.network.runToRest()
        }
        world.network.stop()
        #expect(world.leftovers == World.nothing && world.ledger.isBalanced)
        #expect(!isInGoodOrder || peers.allSatisfy { $0.isOver || $0.wasRefused })
    }
}
