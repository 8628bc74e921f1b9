import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Echo while everything goes wrong, for many seeds.
@Suite struct NastyEchoTests {
    #if DEBUG
    static let seedCount: UInt64 = 8
    #else
    static let seedCount: UInt64 = 100
    #endif

    @Test(arguments: SimulatedSending.allCases, [1, 3])
    func everyByteThatCameBackIsRight(sending: SimulatedSending, loops: Int) throws {
        var tally = Tally()
        for seed in 0..<Self.seedCount {
            try echo(seed: seed, sending: sending, loops: loops, tally: &tally)
        }
        // Both ends of the scale were seen, so the checks were not idle.
        let count = Int(Self.seedCount)
        #expect(
            tally.complete > count && tally.broken > count / 2 && tally.bytes > count * 10_000, "\(tally)")
    }

    /// What became of all connections.
    private struct Tally {
        var complete = 0
        var broken = 0
        var bytes = 0
    }

    private func echo(
        seed: UInt64, sending: SimulatedSending, loops: Int, tally: inout Tally
    ) throws {
        let world = try World(seed: seed, faults: .nasty, sending: sending, loops: loops) {
            $0.acceptStrategy = seed & 1 == 0 ? .roundRobin : .perLoop
            $0.connection.outboundHighWatermarkBytes = 2000
            $0.connection.outboundLowWatermarkBytes = 500
        }
        var random = SimulatedRandom(seed: seed &+ 1000)
        var scripts: [(peer: SimulatedPeer, sent: [UInt8])] = []
        for salt in 0..<6 {
            let peer = world.connect()
            let bytes = pattern(Int.random(in: 0...20_000, using: &random), salt: salt)
            peer.send(bytes)
            peer.finish()
            scripts.append((peer, bytes))
        }
        try world.network.runToRest()
        try #require(world.server.connectionCount == 0, world.replay)
        try #require(world.ledger.opens == world.ledger.closes, world.replay)
        for (peer, sent) in scripts {
            try #require(sent.starts(with: peer.received), world.replay)
            guard let entry = world.ledger.entry(of: peer) else { continue }
            if peer.isEnded && !peer.didReset && !peer.wasReset && entry.reason == .peer {
                try #require(peer.received.count == peer.sentCount, world.replay)
                tally.complete += 1
            } else {
                tally.broken += 1
            }
            tally.bytes += peer.received.count
            try #require([.peer, .io(.connectionReset)].contains(entry.reason), world.replay)
            if !peer.didReset && !peer.wasReset { try #require(entry.reason == .peer, world.replay) }
        }
        world.group.shutdown(grace: .seconds(5))
        let hosts = world.hosts
        try world.network.runToRest()
        try #require(world.network.members.isEmpty, world.replay)
        try #require(world.ledger.isBalanced, world.replay)
        try #require(hosts.allSatisfy { $0.connectionCount == 0 && $0.buffers.pool.counts.outstanding == 0 })
        try #require(world.server.connectionCount == 0, world.replay)
    }

    @Test(arguments: SimulatedSending.allCases)
    func aSeedReplaysExactly(sending: SimulatedSending) throws {
        func run(_ seed: UInt64) throws -> ([String], UInt64, [[UInt8]]) {
            let world = try World(seed: seed, faults: .nasty, sending: sending, loops: 3)
            let peers = (0..<5).map { salt in
                let peer = world.connect()
                peer.send(pattern(3000, salt: salt))
                peer.finish()
                return peer
            }
            try world.network.run(turnsMax: 3000) { false }
            world.network.stop()
            return (world.network.traceLines, world.network.traceDigest.digest, peers.map { $0.received })
        }
        for seed: UInt64 in 50..<55 {
            let (first, second) = (try run(seed), try run(seed))
            #expect(first.0 == second.0 && first.1 == second.1 && first.2 == second.2, "seed \(seed)")
        }
        #expect(try run(50).1 != run(51).1)
    }
}
