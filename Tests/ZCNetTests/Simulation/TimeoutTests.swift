import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// The limits of time, in virtual time.
@Suite struct TimeoutTests {
    @Test func silenceEndsAConnectionAndActivityDoesNot() throws {
        let world = try World { $0.connection.idleTimeout = .seconds(30) }
        let silent = world.connect()
        let lively = world.connect()
        for _ in 0..<5 {
            lively.send("tick")
            try world.network.run(for: .seconds(20))
        }
        #expect(world.ledger.entry(of: silent)?.reason == .timeout(.idle))
        #expect(silent.isEnded && !silent.wasReset)
        #expect(world.ledger.entry(of: lively)?.reason == nil && lively.received.count == 20)
        let start = world.network.elapsed
        #expect(try world.network.run { world.ledger.closes == 2 })
        // The last word was spoken 20 seconds before `start`.
        let wait = world.network.elapsed - start
        #expect(wait > .seconds(9) && wait < .seconds(11), "\(wait)")
        #expect(world.ledger.isBalanced && world.leftovers == World.nothing)
        world.network.stop()
    }

    /// The connection's stamps have steps of 10 ms, and its timer those of the loop: whenever the last byte
    /// came, the end is no more than a step of a stamp too early, and one of each too late.
    @Test(arguments: [Duration.milliseconds(1), .milliseconds(10), .seconds(1)])
    func anIdleConnectionEndsWithinTheirStepsOfItsTime(tick: Duration) throws {
        let (idle, step, slack) = (Duration.seconds(30), Duration.milliseconds(10), Duration.milliseconds(1))
        for microseconds in [0, 1, 4_999, 5_000, 9_001, 9_900, 9_999, 333_333, 29_999_999, 31_415_926] {
            let world = try World {
                $0.connection.idleTimeout = idle
                $0.group.limits.timerTick = tick
            }
            let peer = world.connect()
            // An odd moment to connect at, and another for the last word.
            try world.network.run(for: .microseconds(microseconds / 3 + 7))
            if microseconds < 29_000_000 { peer.send("first") }
            try world.network.run(for: .microseconds(microseconds / 2))
            peer.send("last")
            let start = world.network.elapsed
            #expect(try world.network.run { world.ledger.closes == 1 })
            let took = world.network.elapsed - start
            #expect(world.ledger.causes == [.timeout(.idle)])
            #expect(took >= idle - step - slack && took <= idle + step + tick + slack, "\(took)")
            world.network.stop()
        }
    }

    @Test func anOldConnectionEndsThoughItIsLively() throws {
        let world = try World {
            $0.connection.idleTimeout = .seconds(10)
            $0.connection.lifetimeMax = .seconds(60)
        }
        let peer = world.connect()
        while world.ledger.closes == 0 && world.network.elapsed < .seconds(100) {
            peer.send("tick")
            try world.network.run(for: .seconds(3))
        }
        #expect(world.ledger.causes == [.timeout(.lifetime)] && peer.isEnded)
        #expect(world.network.elapsed >= .seconds(60) && world.network.elapsed < .seconds(64))
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases)
    func whoDoesNotTakeItsOutputIsNotWaitedForForever(sending: SimulatedSending) throws {
        let world = try World(faults: OverflowTests.smallKernel(), sending: sending) {
            $0.connection.lingerTimeout = .seconds(4)
        } handler: { handler in
            handler.received = { data, peer in
                peer.send(pattern(100_000, salt: 1).span)
                peer.close()
            }
        }
        let peer = world.connect()
        peer.pauseReading()
        peer.send("go")
        #expect(try world.network.run { world.ledger.closes == 1 })
        #expect(world.ledger.causes == [.timeout(.linger)])
        #expect(world.network.elapsed >= .seconds(4) && world.network.elapsed < .seconds(5))
        #expect(try world.network.run { peer.wasReset })
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    @Test func whoDoesNotEndItsSideKeepsTheReason() throws {
        let world = try World {
            $0.connection.lingerTimeout = .seconds(4)
        } handler: { handler in
            handler.received = { data, peer in
                peer.send(data)
                peer.close()
            }
        }
        let peer = world.connect()
        peer.closesAtEnd = false
        peer.send("go")
        #expect(try world.network.run { world.ledger.closes == 1 })
        #expect(world.ledger.causes == [.local] && peer.received == Array("go".utf8) && peer.isEnded)
        #expect(world.network.elapsed >= .seconds(4) && world.network.elapsed < .seconds(5))
        world.network.stop()
    }

    @Test func aTimerArmedAfterALongWaitIsNotEarly() throws {
        let fired = Shared(0)
        let world = try World { _ in
        } handler: { handler in
            handler.received = { _, peer in peer.schedule(after: .seconds(10), tag: 1) }
            handler.timer = { _, _ in fired.withLock { $0 += 1 } }
        }
        let peer = world.connect()
        try world.network.run(for: .seconds(60))
        peer.send("x")
        try world.network.run(for: .seconds(9))
        #expect(fired.value == 0)
        try world.network.run(for: .seconds(2))
        #expect(fired.value == 1)
        world.network.stop()
    }
}
