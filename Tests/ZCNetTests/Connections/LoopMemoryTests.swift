import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// What connections hold is in one set of books per loop, and stays within its bound.
@Suite struct LoopMemoryTests {
    // MARK: The books

    @Test func aReservationThatDoesNotFitAsksForReliefAndIsRefusedWithoutIt() {
        let budget = MemoryBudget(bytesMax: 1000)
        #expect(budget.reserve(600, for: .messages))
        #expect(!budget.reserve(600, for: .messages))
        #expect(budget.bytes == 600 && budget.refusedCount == 1)
        budget.relief = { [unowned budget] needed, holding in
            #expect(needed == 600 && holding == 5)
            budget.release(300, for: .messages)
        }
        #expect(budget.reserve(600, for: .requests, holding: 5))
        #expect(budget.bytes == 900 && budget[.messages] == 300 && budget[.requests] == 600)
        #expect(!budget.reserveIfFree(101, for: .messages) && budget.reserveIfFree(100, for: .messages))
    }

    @Test func pooledBuffersAreInTheBooks() throws {
        let budget = MemoryBudget(bytesMax: 4096)
        let pool = try BufferPool(.init(), budget)
        func isRefused(_ count: Int) -> Bool {
            guard let buffer = pool.take(minimumCapacity: count) else { return true }
            return buffer.capacity < 0
        }
        let first = pool.take(minimumCapacity: 2048)
        #expect(budget.bytes == 2048)
        #expect(isRefused(2049))
        #expect(budget.reserve(2048, for: .messages))
        #expect(isRefused(1), "other holders leave nothing")
        _ = consume first
        #expect(budget.bytes == 2048)
    }

    @Test func aWriteBufferIsChargedAtItsCapacityUntilItIsFrozenOrCleared() throws {
        let budget = MemoryBudget(bytesMax: 2000)
        var buffer = WriteBuffer(limit: 10_000, budget: budget)
        for _ in 0..<300 { try buffer.append(1 as UInt8) }
        #expect(budget[.messages] == buffer.capacity && buffer.capacity == 512)
        #expect(throws: WriteBufferError.self) { _ = try buffer.reserve(5000) }
        #expect(buffer.count == 300 && budget[.messages] == 512)
        let frozen = buffer.freeze()
        #expect(frozen.count == 300 && budget.bytes == 0)
        var other = WriteBuffer(limit: 10_000, budget: budget)
        try other.append(1 as UInt8)
        other.clear()
        #expect(budget.bytes == 256)
        other.clear(keepingCapacity: false)
        #expect(budget.bytes == 0)
        try other.append(1 as UInt8)
        _ = consume other
        #expect(budget.bytes == 0)
    }

    // MARK: Output

    private static func slowWorld(
        memory: Int = 1 << 20, policy: OverflowPolicy = .signal
    ) throws -> World {
        try World(faults: OverflowTests.smallKernel()) {
            $0.group.limits.memoryBytesMax = memory
            $0.group.limits.chunkBytes = 64 << 10
            $0.connection.overflowPolicy = policy
        } handler: {
            $0.received = { _, _ in }
        }
    }

    private static func readers(_ world: World, _ count: Int) throws -> [RemoteConnection] {
        try peers(world, count).remotes
    }

    private static func peers(
        _ world: World, _ count: Int
    ) throws -> (peers: [SimulatedPeer], remotes: [RemoteConnection]) {
        let peers = (0..<count).map { _ in world.connect() }
        for peer in peers { peer.pauseReading() }
        #expect(try world.network.run { world.ledger.opens == count })
        let remotes = world.ledger.ids.map { RemoteConnection(id: $0, siblings: world.group.siblings) }
        return (peers, remotes)
    }

    @Test func bytesThatManyWaitForAreChargedOncePerLoop() throws {
        let world = try Self.slowWorld()
        let host = world.hosts[0]
        let message = SharedBytes(copying: pattern(100_000, salt: 1))
        let (peers, readers) = try Self.peers(world, 50)
        for reader in readers { reader.send(message) }
        try world.network.run(for: .milliseconds(10))
        #expect(host.auditMemory() == [])
        #expect(host.budget[.output] > 100_000 && host.budget[.output] < 150_000, "\(host.budget[.output])")
        #expect(world.ledger.closes == 0)
        // They are charged until the last reader has them, and no longer.
        for peer in peers.dropLast() { peer.resumeReading() }
        #expect(try world.network.run { peers.dropLast().allSatisfy { $0.received.count == 100_000 } })
        #expect(host.auditMemory() == [] && host.budget[.output] > 100_000)
        peers[49].resumeReading()
        #expect(try world.network.run { peers[49].received.count == 100_000 })
        #expect(host.auditMemory() == [] && host.budget[.output] == 0)
        world.network.stop()
    }

    @Test func slowReadersOfBytesOfTheirOwnStayWithinTheBound() throws {
        let world = try Self.slowWorld()
        let host = world.hosts[0]
        for (salt, reader) in try Self.readers(world, 40).enumerated() {
            reader.send(SharedBytes(copying: pattern(100_000, salt: salt)))
            try world.network.run(for: .milliseconds(1))
            #expect(host.auditMemory() == [] && host.budget.bytes <= 1 << 20)
        }
        #expect(world.ledger.all.contains { $0.reason == .overflow })
        world.network.stop()
        #expect(host.budget[.output] == 0)
    }

    @Test func theLargestSlowReaderIsToldFullAndOthersAreServed() throws {
        let world = try Self.slowWorld()
        let host = world.hosts[0]
        let readers = try Self.readers(world, 2)
        for salt in 0..<30 {
            readers[0].send(SharedBytes(copying: pattern(60_000, salt: salt)))
            try world.network.run(for: .milliseconds(20))
        }
        #expect(world.ledger.closes == 0, "a sender that asks for itself is told, as its policy wants")
        #expect(host.metrics[.overflows] > 0 && host.budget.bytes <= 1 << 20)
        // Another's output makes the largest go.
        for salt in 0..<4 {
            readers[1].send(SharedBytes(copying: pattern(60_000, salt: salt)))
            try world.network.run(for: .milliseconds(20))
        }
        #expect(world.ledger.closes == 1 && world.ledger.all.contains { $0.reason == .overflow })
        world.network.stop()
    }

    @Test func smallConflatedPiecesAreChargedWithTheirPlaces() throws {
        let world = try Self.slowWorld(policy: .conflate)
        let host = world.hosts[0]
        let reader = try Self.readers(world, 1)[0]
        reader.send(SharedBytes(copying: pattern(20_000, salt: 1)), conflatingKey: 1 << 40)
        try world.network.run(for: .milliseconds(10))
        let before = host.budget[.output]
        for key in 1...1000 as ClosedRange<UInt64> {
            reader.send(SharedBytes(copying: [UInt8(truncatingIfNeeded: key)]), conflatingKey: key)
        }
        try world.network.run(for: .milliseconds(10))
        let each = (host.budget[.output] - before) / 1000
        #expect(each > MemoryLayout<OutboundPiece>.stride && host.auditMemory() == [], "\(each) bytes each")
        // What takes a place is charged in it, and what had it is not any more.
        let bytes = host.budget[.output]
        for size in [5000, 300, 2000] {
            reader.send(SharedBytes(copying: pattern(size, salt: size)), conflatingKey: 7)
            try world.network.run(for: .milliseconds(10))
            #expect(host.auditMemory() == [] && abs(host.budget[.output] - bytes - size) < 100)
        }
        world.network.stop()
    }

    @Test func aQueueThatHasGrownLargeIsNotKeptForAnother() throws {
        let world = try Self.slowWorld()
        let host = world.hosts[0]
        let peer = world.connect()
        peer.pauseReading()
        #expect(try world.network.run { world.ledger.opens == 1 })
        let reader = RemoteConnection(
            id: try #require(world.ledger.ids.first), siblings: world.group.siblings)
        for salt in 0..<200 { reader.send(SharedBytes(copying: pattern(300, salt: salt))) }
        try world.network.run(for: .milliseconds(10))
        peer.resumeReading()
        #expect(try world.network.run { peer.received.count == 60_000 })
        #expect(!host.output.hasSpares)
        world.network.stop()
    }

    // MARK: Unread bytes

    @Test func unreadBytesHaveAGreatestAgeWhereOneIsSet() throws {
        let world = try World {
            $0.connection.unreadTimeout = .seconds(3)
        } handler: {
            $0.received = { data, peer in peer.leaveUnread(data.count) }
        }
        let peer = world.connect()
        for _ in 0..<20 where world.ledger.closes == 0 {
            peer.send("x")
            try world.network.run(for: .milliseconds(500))
        }
        #expect(world.ledger.all.first?.reason == .timeout(.message))
        #expect(world.network.elapsed < .seconds(5))
        world.network.stop()
    }

    // MARK: Retained chunks

    /// What a handler retains is the application's; here it lets go when it is told.
    @Test(arguments: [0.0, 1.0])
    func retainedChunksStopReceivingUntilTheyComeBack(lent: Double) throws {
        let kept = Shared<[SharedBytes]>([])
        var faults = SimulatedFaults.none
        faults.lentReceptions = lent == 1 ? 0.5 : 0
        let world = try World(faults: faults) {
            $0.group.limits.memoryBytesMax = 1 << 20
            $0.group.limits.chunkBytes = 64 << 10
        } handler: { handler in
            handler.received = { data, peer in
                let bytes = data.retain()
                kept.withLock { $0.append(bytes) }
            }
        }
        let host = world.hosts[0]
        let sent = pattern(1_500_000, salt: 3)
        let peer = world.connect()
        peer.send(sent)
        try world.network.run(for: .seconds(1))
        let held = kept.value.reduce(0) { $0 + $1.count }
        #expect(held < 1 << 20 && held > 256 << 10, "\(held) bytes retained")
        #expect(host.budget[.chunks] <= (1 << 19) + (64 << 10) && host.metrics[.memoryPauses] > 0)
        #expect(world.ledger.closes == 0)
        // As they come back, everything arrives, in order.
        var received: [UInt8] = []
        for _ in 0..<100 where received.count < sent.count {
            let taken = kept.withLock { list in
                defer { list = [] }
                return list
            }
            for bytes in taken { received += (0..<bytes.count).map { bytes[$0] } }
            try world.network.run(for: .milliseconds(50))
        }
        #expect(received == sent)
        world.network.stop()
    }

    /// A handler may keep what a connection sent until that ends, and a starving loop receives no ends: peers
    /// that left would starve it for good.
    @Test(arguments: [0.0, 0.5], [false, true])
    func peersThatHaveLeftDoNotStarveALoop(lent: Double, areSendingMore: Bool) throws {
        let kept = Shared<[ConnectionID: [SharedBytes]]>([:])
        var faults = SimulatedFaults.none
        faults.lentReceptions = lent
        let world = try World(faults: faults) {
            $0.group.limits.memoryBytesMax = 1 << 20
            $0.group.limits.chunkBytes = 64 << 10
            $0.connection.idleTimeout = nil
        } handler: { handler in
            handler.received = { data, peer in
                if data.count < 10 { return _ = peer.send(data) }
                let (id, bytes) = (peer.id, data.retain())
                kept.withLock { $0[id, default: []].append(bytes) }
            }
            handler.closed = { peer, _ in
                let id = peer.id
                let dropped = kept.withLock { $0.removeValue(forKey: id) }
                _ = dropped?.count
            }
        }
        let host = world.hosts[0]
        let peers = (0..<20).map { _ in world.connect() }
        for peer in peers { peer.send(pattern(100_000, salt: 1)) }
        try world.network.run(for: .milliseconds(100))
        #expect(host.metrics[.memoryPauses] > 0 && host.intake.isStarving)
        for peer in peers {
            if areSendingMore { peer.send("more") }
            peer.finish()
        }
        let honest = world.connect()
        honest.send("hello")
        let before = world.network.elapsed
        #expect(try world.network.run { honest.received == Array("hello".utf8) }, world.replay)
        #expect(world.network.elapsed - before < .seconds(3))
        #expect(try world.network.run { world.ledger.closes == 20 && kept.value.isEmpty })
        #expect(host.auditMemory() == [] && host.budget[.chunks] == 0)
        world.network.stop()
    }

    /// Keeps all that comes until its connection ends, but for what is short: that it sends back.
    private struct Keeper: ConnectionHandler {
        final class Kept {
            var all: [SharedBytes] = []
        }

        func makeState() -> Kept { Kept() }

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Kept>) {
            if data.count < 10 { return _ = peer.send(data) }
            peer.state.all.append(data.retain())
        }
    }

    @Test(arguments: TestedDriver.all)
    func peersOnRealSocketsThatHaveLeftDoNotStarveALoop(driver: DriverChoice) async throws {
        try await onThread {
            var configuration = TCPServer.Configuration()
            configuration.group.loops = 1
            configuration.group.driver = driver
            configuration.group.limits.memoryBytesMax = 1 << 20
            configuration.group.limits.chunkBytes = 64 << 10
            configuration.connection.idleTimeout = nil
            let server = try TCPServer(on: "127.0.0.1:0", configuration: configuration) { Keeper() }
            try server.start()
            let peers = try (0..<16).map { _ in try RawClient(to: server.address) }
            for peer in peers { peer.sendInBackground(pattern(100_000, salt: 1)) }
            while server.snapshot()[.memoryPauses] == 0 { usleep(1000) }
            for peer in peers { peer.finishSending() }
            let honest = try RawClient(to: server.address)
            func talk() throws {
                try honest.send("hello")
                #expect(try honest.receive(5) == Array("hello".utf8))
            }
            try talk()
            while server.connectionCount > 1 { try talk() }
            server.shutdown(grace: .zero)
            server.wait()
        }
    }
}
