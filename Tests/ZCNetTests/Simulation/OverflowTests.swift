import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Output that the peer does not take: bounded memory, and each policy.
@Suite struct OverflowTests {
    static func smallKernel() -> SimulatedFaults {
        var faults = SimulatedFaults.none
        faults.sendBufferBytes = 4096
        faults.receiveBufferBytes = 4096
        return faults
    }

    @Test(arguments: SimulatedSending.allCases)
    func anEchoToAPeerThatNeverReadsNeedsBoundedMemory(sending: SimulatedSending) throws {
        let most = Shared(0)
        let world = try World(faults: Self.smallKernel(), sending: sending) {
            $0.connection.outboundHighWatermarkBytes = 10_000
            $0.connection.outboundLowWatermarkBytes = 5000
            $0.connection.outboundBytesMax = 50_000
        } handler: { handler in
            handler.received = { data, peer in
                peer.send(data)
                let queued = peer.queuedBytes
                most.withLock { $0 = max($0, queued) }
            }
        }
        let peer = world.connect()
        peer.pauseReading()
        let bytes = pattern(1_000_000, salt: 1)
        peer.send(bytes)
        try world.network.run(for: .seconds(1))
        #expect(peer.sentCount < 60_000, "reading has paused")
        #expect(world.network.traceLines.contains { $0.contains("paused") })
        peer.resumeReading()
        #expect(try world.network.run { peer.received.count == bytes.count }, world.replay)
        #expect(peer.received == bytes)
        #expect(most.value <= 10_000 + 8192)
        #expect(world.ledger.all.first?.writables ?? 0 > 0)
        world.network.stop()
    }

    /// A world whose server sends `messages` to a peer that does not read, as soon as it says something.
    func flood(
        policy: OverflowPolicy, keyed: Bool = false, sending: SimulatedSending
    ) throws -> (World, SimulatedPeer) {
        let world = try World(faults: Self.smallKernel(), sending: sending) {
            $0.connection.outboundBytesMax = 20_000
            $0.connection.overflowPolicy = policy
        } handler: { _ in
        }
        let peer = world.connect()
        peer.pauseReading()
        #expect(try world.network.run { world.ledger.opens == 1 })
        let id = try #require(world.ledger.ids.first)
        let remote = RemoteConnection(id: id, siblings: world.group.siblings)
        for number in 0..<60 {
            let message = SharedBytes(copying: pattern(1000, salt: number))
            if keyed {
                remote.send(message, conflatingKey: UInt64(number % 5) + 1)
            } else {
                remote.send(message)
            }
            _ = try world.network.run(for: .microseconds(10))
        }
        return (world, peer)
    }

    @Test(arguments: SimulatedSending.allCases)
    func signalAndDropNewestKeepWhatWasAccepted(sending: SimulatedSending) throws {
        for policy in [OverflowPolicy.signal, .dropNewest] {
            let accepted = Shared(0)
            let refused = Shared(0)
            let world = try World(faults: Self.smallKernel(), sending: sending) {
                $0.connection.outboundBytesMax = 20_000
                $0.connection.overflowPolicy = policy
            } handler: { handler in
                handler.received = { _, peer in
                    for number in 0..<60 {
                        let result = peer.send(SharedBytes(copying: pattern(1000, salt: number)))
                        if result.isAccepted {
                            accepted.withLock { $0 += 1 }
                        } else {
                            refused.withLock { $0 += 1 }
                        }
                        #expect(result.isAccepted || result == .full)
                        #expect(peer.queuedBytes <= 20_000)
                    }
                }
            }
            let peer = world.connect()
            peer.pauseReading()
            peer.send("go")
            try world.network.run(for: .seconds(1))
            let count = accepted.value
            #expect(count >= 20 && count < 60)
            peer.resumeReading()
            #expect(try world.network.run { peer.received.count == count * 1000 }, world.replay)
            #expect(peer.received == (0..<count).flatMap { pattern(1000, salt: $0) })
            #expect(try world.network.run { world.ledger.all.first?.writables ?? 0 > 0 }, world.replay)
            world.network.stop()
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func closeClosesWithOverflow(sending: SimulatedSending) throws {
        let (world, peer) = try flood(policy: .close, sending: sending)
        #expect(world.ledger.causes == [.overflow] && world.ledger.isBalanced)
        try world.network.run { peer.wasReset }
        #expect(peer.wasReset)
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func conflateKeepsTheLatestOfEachKeyAndTheirOrder(sending: SimulatedSending) throws {
        let (world, peer) = try flood(policy: .conflate, keyed: true, sending: sending)
        try world.network.run(for: .seconds(1))
        peer.resumeReading()
        try world.network.run(for: .seconds(1))
        let count = peer.received.count
        #expect(count % 1000 == 0 && count > 5000 && count < 30_000)
        let numbers = stride(from: 0, to: count, by: 1000).compactMap { start in
            (0..<60).first { Array(peer.received[start..<start + 1000]) == pattern(1000, salt: $0) }
        }
        #expect(numbers.count == count / 1000, "whole messages only")
        #expect(Set(numbers.suffix(5)) == [55, 56, 57, 58, 59], "the latest of each key: \(numbers)")
        for key in 0..<5 {
            let ofKey = numbers.filter { $0 % 5 == key }
            #expect(ofKey == ofKey.sorted(), "values of one key never go back")
        }
        world.network.stop()
    }

    @Test func whoWasToldFullIsToldWhenItIsWritable() throws {
        let results = Shared<[SendResult]>([])
        @Sendable func goOn(_ peer: borrowing Peer) {
            while results.value.count(where: \.isAccepted) < 10 {
                let result = peer.send(pattern(4000, salt: 1).span)
                results.withLock { $0.append(result) }
                if result == .full { return }
            }
        }
        let world = try World(faults: Self.smallKernel()) {
            $0.connection.outboundBytesMax = 5000
        } handler: { handler in
            handler.received = { _, peer in goOn(peer) }
            handler.writable = { goOn($0) }
        }
        let peer = world.connect()
        peer.send("go")
        #expect(try world.network.run { peer.received.count == 40_000 })
        #expect(results.value.contains(.full) && world.network.elapsed < .seconds(1))
        world.network.stop()
    }
}
