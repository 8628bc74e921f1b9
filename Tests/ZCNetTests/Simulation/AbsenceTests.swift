import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// A process that was stopped, or held up: what had come meanwhile is looked at before any timer comes due.
@Suite struct AbsenceTests {
    /// A server that gives its peers up after five silent seconds, as a protocol's handler would do it.
    private static func world(seed: UInt64, _ gaveUp: Shared<Int>) throws -> World {
        try World(seed: seed) { _ in
        } handler: { handler in
            let timers = Shared<[ConnectionID: TimerID]>([:])
            handler.opened = { peer in
                let timer = peer.schedule(after: .seconds(5), tag: 1)
                let id = peer.id
                timers.withLock { $0[id] = timer }
            }
            handler.received = { _, peer in
                let id = peer.id
                if let timer = timers.value[id] { peer.cancel(timer) }
            }
            handler.timer = { _, _ in gaveUp.withLock { $0 += 1 } }
        }
    }

    /// What the peers answered lies in their sockets when the process goes on, and the first thing that it is
    /// told is that it was interrupted.
    @Test(arguments: [1, 300])
    func timersWaitForWhatHadComeDuringAnAbsence(peerCount: Int) throws {
        for seed: UInt64 in 1...5 {
            let gaveUp = Shared(0)
            let world = try Self.world(seed: seed, gaveUp)
            let peers = (0..<peerCount).map { _ in world.connect() }
            #expect(
                try world.network.run {
                    world.ledger.opens == peerCount && peers.allSatisfy(\.wasConnected)
                })
            for peer in peers { peer.send("here") }
            // Stopped: time passes, segments arrive, and nobody runs.
            world.network.advance(to: world.network.now + 60_000_000_000)
            world.network.runDueEvents()
            var turns = 0
            let member = try #require(world.network.members.first)
            world.network.isStepping = true
            while world.ledger.all.contains(where: { $0.bytesIn < 4 }) && turns < 10_000 {
                // Interrupted at first, and of many half is left for another turn.
                world.network.faults.interrupts = turns < 3 ? 1 : 0.3
                world.network.faults.delays = peerCount > 100 ? 0.5 : 0
                try member.loop.turn(member.tenant)
                turns += 1
            }
            world.network.faults.interrupts = 0
            world.network.faults.delays = 0
            for _ in 0..<4 { try member.loop.turn(member.tenant) }
            world.network.isStepping = false
            #expect(gaveUp.value == 0, world.replay)
            world.network.stop()
        }
    }

    /// What the look found may be from before the absence, as where the process is stopped between the look
    /// and the reading of its clock: that nothing was found then says nothing.
    @Test func aLookFromBeforeTheAbsenceDoesNotCount() throws {
        let gaveUp = Shared(0)
        let world = try Self.world(seed: 1, gaveUp)
        let peer = world.connect()
        #expect(try world.network.run { world.ledger.opens == 1 && peer.wasConnected })
        let member = try #require(world.network.members.first)
        world.network.advance(to: world.network.now + 10_000_000_000)
        peer.send("here")
        // Still on its way for this look.
        try member.loop.turn(member.tenant, waitMax: 0)
        world.network.advance(to: world.network.now + 20_000)
        for _ in 0..<3 { try member.loop.turn(member.tenant, waitMax: 0) }
        #expect(gaveUp.value == 0)
        world.network.stop()
    }

    /// A peer that never stops cannot put the timers of others off for ever.
    @Test func noTrafficPutsTimersOffForEver() throws {
        let gaveUp = Shared(0)
        let world = try Self.world(seed: 1, gaveUp)
        let silent = world.connect()
        let loud = world.connect()
        #expect(try world.network.run { world.ledger.opens == 2 && loud.wasConnected })
        world.network.advance(to: world.network.now + 60_000_000_000)
        let member = try #require(world.network.members.first)
        var turns = 0
        while gaveUp.value == 0 && turns < 100 {
            loud.send("more")
            world.network.advance(to: world.network.now + 20_000)
            world.network.runDueEvents()
            try member.loop.turn(member.tenant, waitMax: 0)
            turns += 1
        }
        #expect(gaveUp.value == 1 && turns < 20 && !silent.isOver, "\(turns)")
        world.network.stop()
    }
}
