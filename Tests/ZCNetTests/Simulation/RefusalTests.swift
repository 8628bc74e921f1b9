import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Whoever is told `full` is told when trying again makes sense, whatever was short.
@Suite struct RefusalTests {
    /// What others hold of a loop's memory, as far as the books know.
    final class Others {
        private let budget: MemoryBudget
        private var held = 0

        init(of host: ConnectionHost) { budget = host.budget }

        /// They leave so much free.
        func leave(_ count: Int) {
            let change = max(budget.available - count, -held)
            budget.charge(change, for: .requests)
            held += change
        }

        func letGo() {
            budget.release(held, for: .requests)
            held = 0
        }
    }

    static func world(
        _ sending: SimulatedSending = .direct, seed: UInt64 = 1, policy: OverflowPolicy = .signal,
        handler: @escaping @Sendable (inout LedgerHandler) -> Void
    ) throws -> World {
        try World(seed: seed, faults: OverflowTests.smallKernel(), sending: sending) {
            $0.group.limits.memoryBytesMax = 1 << 20
            $0.group.limits.chunkBytes = 64 << 10
            $0.connection.outboundBytesMax = 20_000
            $0.connection.outboundHighWatermarkBytes = 10_000
            $0.connection.outboundLowWatermarkBytes = 5000
            $0.connection.overflowPolicy = policy
            // Else a sender that hangs would be closed, which looks like an answer.
            $0.connection.idleTimeout = nil
        } handler: {
            handler(&$0)
        }
    }

    private static func remote(_ world: World) throws -> (SimulatedPeer, RemoteConnection) {
        let peer = world.connect()
        #expect(try world.network.run { world.ledger.opens == 1 })
        let id = try #require(world.ledger.ids.first)
        return (peer, RemoteConnection(id: id, siblings: world.group.siblings))
    }

    // MARK: One at a time

    @Test(
        arguments: SimulatedSending.allCases, [OverflowPolicy.signal, .dropNewest, .conflate])
    func whoWasRefusedMemoryIsToldWhenThereIsSome(sending: SimulatedSending, policy: OverflowPolicy) throws {
        let results = Shared<[SendResult]>([])
        let world = try Self.world(sending, policy: policy) {
            $0.writable = { peer in
                let result = peer.send("twice")
                results.withLock { $0.append(result) }
            }
        }
        let (peer, remote) = try Self.remote(world)
        let others = Others(of: world.hosts[0])
        others.leave(0)
        remote.send("once") { result in results.withLock { $0.append(result) } }
        try world.network.run(for: .milliseconds(500))
        #expect(results.value == [.full] && peer.received.isEmpty)
        others.letGo()
        let before = world.network.elapsed
        #expect(try world.network.run { peer.received == Array("twice".utf8) }, world.replay)
        #expect(world.network.elapsed - before < .milliseconds(50))
        #expect(results.value.count == 2 && results.value[1].isAccepted)
        #expect(world.ledger.closes == 0 && world.ledger.all.first?.writables == 1)
        world.network.stop()
    }

    /// Others that are quiet may have to go for who asks then, and had not to before: see `makeRoom`.
    @Test func whoWasRefusedMemoryIsToldAfterASecondInAnyCase() throws {
        let world = try Self.world { _ in }
        let (peer, remote) = try Self.remote(world)
        let others = Others(of: world.hosts[0])
        others.leave(0)
        let result = Shared<SendResult?>(nil)
        remote.send("x") { answer in result.withLock { $0 = answer } }
        try world.network.run(for: .milliseconds(900))
        #expect(result.value == .full && world.ledger.all.first?.writables == 0)
        try world.network.run(for: .milliseconds(200))
        #expect(world.ledger.all.first?.writables == 1 && peer.received.isEmpty)
        others.letGo()
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func whatCanNeverBeTakenIsToldAtOnce(sending: SimulatedSending) throws {
        let results = Shared<[SendResult]>([])
        let world = try Self.world(sending) {
            $0.received = { _, peer in
                for count in [20_001, 20_000] {
                    let span = peer.send(pattern(count, salt: 1).span)
                    results.withLock { $0.append(span) }
                }
            }
        }
        let (peer, remote) = try Self.remote(world)
        remote.send(SharedBytes(copying: pattern(20_001, salt: 2))) { result in
            results.withLock { $0.append(result) }
        }
        #expect(try world.network.run { results.value == [.tooLarge] })
        peer.send("go")
        #expect(try world.network.run { peer.received.count == 20_000 }, world.replay)
        #expect(results.value[1] == .tooLarge && results.value[2].isAccepted)
        try world.network.run(for: .seconds(2))
        #expect(world.ledger.closes == 0 && world.hosts[0].metrics[.overflows] == 2)
        world.network.stop()
    }

    @Test func whoeverWaitsForMemoryAndEndsIsForgotten() throws {
        let world = try Self.world { _ in }
        let (peer, remote) = try Self.remote(world)
        let others = Others(of: world.hosts[0])
        others.leave(0)
        remote.send("once")
        try world.network.run(for: .milliseconds(50))
        peer.reset()
        #expect(try world.network.run { world.ledger.closes == 1 })
        others.letGo()
        try world.network.run(for: .milliseconds(50))
        #expect(world.ledger.all.first?.writables == 0)
        #expect(world.hosts[0].state[].refused.isEmpty && !world.hosts[0].state[].refused.isLookedAt)
        world.network.stop()
    }

    /// Told to try again where there is still no memory, and the kernel has room for a part of it: what
    /// cannot wait is refused again, in place of being accepted and then ending the connection.
    @Test(arguments: SimulatedSending.allCases)
    func whoTriesAgainInVainIsRefusedAgain(sending: SimulatedSending) throws {
        let results = Shared<[SendResult]>([])
        let world = try Self.world(sending) {
            $0.writable = { peer in
                if results.value.contains(where: \.isAccepted) { return }
                for count in [15_000, 14_000] {
                    let result = peer.send(pattern(count, salt: 1).span)
                    results.withLock { $0.append(result) }
                    if result.isAccepted { return }
                }
            }
        }
        let (peer, remote) = try Self.remote(world)
        let others = Others(of: world.hosts[0])
        others.leave(0)
        remote.send("x")
        try world.network.run(for: .milliseconds(2500))
        #expect(results.value == [.full, .full, .full, .full] && world.ledger.closes == 0, world.replay)
        #expect(world.hosts[0].find(remote.id)?[].outbound == nil)
        others.letGo()
        #expect(try world.network.run { peer.received == pattern(15_000, salt: 1) }, world.replay)
        #expect(world.ledger.closes == 0 && results.value.count == 5)
        world.network.stop()
    }

    /// The same where output waited, and has drained.
    @Test(arguments: SimulatedSending.allCases)
    func whoTriesAgainBehindItsOutputIsRefusedWhereMemoryIsShort(sending: SimulatedSending) throws {
        let results = Shared<[SendResult]>([])
        let world = try Self.world(sending) {
            $0.writable = { peer in
                if results.value.contains(where: \.isAccepted) { return }
                let result = peer.send(pattern(15_000, salt: 1).span)
                results.withLock { $0.append(result) }
            }
        }
        let (peer, remote) = try Self.remote(world)
        peer.pauseReading()
        remote.send(SharedBytes(copying: pattern(18_000, salt: 2)))
        remote.send(SharedBytes(copying: pattern(18_000, salt: 3))) { result in
            results.withLock { $0.append(result) }
        }
        try world.network.run(for: .milliseconds(50))
        #expect(results.value == [.full])
        let others = Others(of: world.hosts[0])
        others.leave(0)
        peer.resumeReading()
        // What drains gives its memory to others.
        _ = try world.network.run {
            others.leave(0)
            return results.value.count == 2
        }
        try world.network.run(for: .milliseconds(50))
        #expect(results.value.last == .full && world.ledger.closes == 0, world.replay)
        others.letGo()
        let all = pattern(18_000, salt: 2) + pattern(15_000, salt: 1)
        #expect(try world.network.run { peer.received == all }, world.replay)
        #expect(world.ledger.closes == 0)
        world.network.stop()
    }

    // MARK: Whoever sends only when told

    /// How bytes are sent.
    enum Way: CaseIterable, Sendable {
        case own, shared, remote, remoteSmall, keyed

        var count: Int { self == .remoteSmall ? 100 : 3000 }
    }

    /// Sends its pieces in order; behind a refusal it waits for `onWritable`.
    private final class Sender: Sendable {
        static let total = 40
        let way: Way
        let sent = Shared<[ConnectionID: Int]>([:])
        let refusals = Shared(0)

        init(_ way: Way) { self.way = way }

        func goOn(_ peer: borrowing Peer) {
            if way == .remote || way == .remoteSmall { return goOn(peer.remote) }
            while let piece = next(peer.id) {
                let result =
                    switch way {
                    case .own: peer.send(piece.span)
                    case .keyed: peer.send(SharedBytes(copying: piece), conflatingKey: 1)
                    default: peer.send(SharedBytes(copying: piece))
                    }
                if !take(result, peer.id) { return }
            }
        }

        private func goOn(_ remote: RemoteConnection) {
            guard let piece = next(remote.id) else { return }
            remote.send(SharedBytes(copying: piece)) { [self] result in
                if take(result, remote.id) { goOn(remote) }
            }
        }

        private func next(_ id: ConnectionID) -> [UInt8]? {
            let number = sent.withLock { $0[id, default: 0] }
            return number < Self.total ? pattern(way.count, salt: number) : nil
        }

        private func take(_ result: SendResult, _ id: ConnectionID) -> Bool {
            if result.isAccepted { sent.withLock { $0[id, default: 0] += 1 } }
            if result == .full { refusals.withLock { $0 += 1 } }
            return result.isAccepted
        }
    }

    /// Memory comes and goes, readers pause and go on: in the end everybody has everything, or has ended for
    /// a reason that is told.
    @Test(arguments: Way.allCases, SimulatedSending.allCases)
    func whoSendsOnlyWhenToldHasSentEverythingOrIsEnded(way: Way, sending: SimulatedSending) throws {
        let everything = (0..<Sender.total).flatMap { pattern(way.count, salt: $0) }
        var (refusals, delivered) = (0, 0)
        for seed in 0..<2 as Range<UInt64> {
            let sender = Sender(way)
            let world = try Self.world(sending, seed: seed, policy: way == .keyed ? .conflate : .signal) {
                $0.received = { _, peer in sender.goOn(peer) }
                $0.writable = { sender.goOn($0) }
            }
            var random = SimulatedRandom(seed: seed &+ 9)
            let others = Others(of: world.hosts[0])
            let peers = (0..<8).map { _ in world.connect() }
            for peer in peers { peer.send("go") }
            for _ in 0..<150 {
                // The first run shows that whoever waits for its reader alone keeps its connection.
                let isShort = seed > 0 && random.next() % (way == .remoteSmall ? 2 : 40) == 0
                others.leave(isShort ? random.size(upTo: 3000) - 1 : 800_000)
                let peer = peers.randomElement(using: &random)
                if random.next() & 1 == 0 { peer?.pauseReading() } else { peer?.resumeReading() }
                try world.network.run(for: .milliseconds(3))
            }
            others.letGo()
            for peer in peers { peer.resumeReading() }
            let done = try world.network.run {
                peers.allSatisfy { peer in
                    guard let entry = world.ledger.entry(of: peer) else { return false }
                    if entry.closes == 1 { return entry.reason == .overflow }
                    return way == .keyed
                        ? peer.received.suffix(3000) == everything.suffix(3000)
                        : peer.received == everything
                }
            }
            #expect(done, "\(way), \(world.replay)")
            refusals += sender.refusals.value
            delivered += peers.count { world.ledger.entry(of: $0)?.closes == 0 }
            world.network.stop()
        }
        #expect((refusals > 5 || way == .keyed) && delivered > 0, "\(refusals) refused, \(delivered) kept")
    }
}
