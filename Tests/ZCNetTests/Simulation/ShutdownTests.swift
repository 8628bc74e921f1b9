import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Graceful shutdown: what was accepted comes back, what does not read is aborted, and each close comes once.
@Suite struct ShutdownTests {
    @Test(arguments: SimulatedSending.allCases, [1, 3])
    func noByteThatHadArrivedIsLost(sending: SimulatedSending, loops: Int) throws {
        try shutDownUnderLoad(sending: sending, loops: loops, isPressed: false)
    }

    @Test(arguments: SimulatedSending.allCases, [1, 3])
    func noByteThatHadArrivedIsLostWhileReadingPauses(sending: SimulatedSending, loops: Int) throws {
        try shutDownUnderLoad(sending: sending, loops: loops, isPressed: true)
    }

    private func shutDownUnderLoad(sending: SimulatedSending, loops: Int, isPressed: Bool) throws {
        for seed: UInt64 in 1..<5 {
            var faults = SimulatedFaults.none
            (faults.partialReads, faults.shortWrites, faults.refusedWrites) = (0.3, 0.3, 0.1)
            (faults.spuriousRoom, faults.reorders, faults.interrupts) = (0.1, true, 0.2)
            faults.delays = 0.1
            faults.latencyNanoseconds = 1000...400_000
            faults.segmentBytesMax = 1500
            (faults.sendBufferBytes, faults.receiveBufferBytes) = (4096, 4096)
            let world = try World(seed: seed, faults: faults, sending: sending, loops: loops) {
                guard isPressed else { return }
                $0.connection.outboundHighWatermarkBytes = 4000
                $0.connection.outboundLowWatermarkBytes = 1000
            }
            let peers = (0..<6).map { salt in
                let peer = world.connect()
                if isPressed { peer.pauseReading() }
                peer.send(pattern(20_000, salt: salt))
                return peer
            }
            try world.network.run { world.ledger.opens == 6 }
            try world.network.run(for: .microseconds(Int(seed) * 300))
            let opened = world.ledger.opens
            let delivered = peers.map { world.ledger.entry(of: $0) == nil ? 0 : $0.deliveredCount }
            world.group.shutdown(grace: .seconds(20))
            let hosts = world.hosts
            if isPressed { try world.network.run(for: .milliseconds(50)) }
            for peer in peers { peer.resumeReading() }
            try world.network.runToRest()
            #expect(world.network.members.isEmpty && world.network.elapsed < .seconds(15), world.replay)
            for (index, peer) in peers.enumerated() {
                try #require(pattern(20_000, salt: index).starts(with: peer.received), world.replay)
                try #require(peer.received.count >= delivered[index], world.replay)
            }
            try #require(world.ledger.isBalanced && world.ledger.opens >= opened, world.replay)
            try #require(world.ledger.causes.allSatisfy { $0 == .shutdown }, world.replay)
            #expect(hosts.allSatisfy { $0.buffers.pool.counts.outstanding == 0 })
            #expect(world.server.connectionCount == 0 && world.network.acceptedCount == 0)
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func theDeadlineAbortsWhoNeverReads(sending: SimulatedSending) throws {
        let world = try World(faults: OverflowTests.smallKernel(), sending: sending) {
            $0.connection.lingerTimeout = .seconds(60)
        }
        let deaf = world.connect()
        deaf.pauseReading()
        deaf.send(pattern(100_000, salt: 1))
        let good = world.connect()
        good.send(pattern(100_000, salt: 2))
        try world.network.run(for: .milliseconds(30))
        let start = world.network.elapsed
        world.group.shutdown(grace: .seconds(2))
        let refused = world.connect()
        try world.network.runToRest()
        let took = world.network.elapsed - start
        #expect(took >= .seconds(2) && took < .seconds(3), world.replay)
        #expect(deaf.wasReset && good.isEnded && !good.wasReset)
        #expect(refused.wasRefused || refused.wasReset)
        #expect(world.ledger.isBalanced && world.ledger.causes == [.shutdown, .shutdown])
        #expect(world.network.members.isEmpty && world.server.connectionCount == 0)
    }

    @Test func stoppingTheNetworkClosesEachOnce() throws {
        let world = try World(loops: 3)
        for _ in 0..<10 { world.connect().send("hello") }
        try world.network.run { world.ledger.opens == 10 }
        world.network.stop()
        #expect(world.ledger.isBalanced && world.ledger.causes.allSatisfy { $0 == .shutdown })
        #expect(world.server.connectionCount == 0 && world.network.acceptedCount == 0)
    }
}
