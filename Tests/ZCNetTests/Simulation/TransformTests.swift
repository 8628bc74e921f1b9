import Glibc
import Testing
import ZCNetTesting

@testable import ZCNet

/// Bytes that are opened before a handler is lent them, and sealed before the kernel is offered them.
@Suite struct TransformTests {
    private static func sealed(_ bytes: [UInt8], ending: Bool = true) -> [UInt8] {
        var number: UInt64 = 0
        return Scramble.sealed(bytes[...], from: &number) + (ending ? [0, 0] : [])
    }

    private static func audit(_ world: World) -> [String] { world.hosts.flatMap { $0.auditMemory() } }

    @Test(arguments: SimulatedSending.allCases) func anEchoIsRightWhateverGoesWrong(sending: SimulatedSending)
        throws
    {
        var complete = 0
        for seed: UInt64 in 0..<12 {
            let world = try World(seed: seed, faults: .nasty, sending: sending, loops: 2) {
                $0.connection.outboundHighWatermarkBytes = 2000
                $0.connection.outboundLowWatermarkBytes = 500
            } handler: {
                $0.opened = { $0.scramble() }
            }
            var random = SimulatedRandom(seed: seed &+ 77)
            var complaints: [String] = []
            let scripts = (0..<5).map { salt in
                let peer = world.connect()
                let bytes = pattern(Int.random(in: 0...20_000, using: &random), salt: salt)
                peer.send(Self.sealed(bytes))
                peer.finish()
                return (peer, bytes)
            }
            try world.network.run {
                complaints += Self.audit(world)
                return !complaints.isEmpty
            }
            try #require(complaints == [], world.replay)
            for (peer, bytes) in scripts {
                let answer = Scramble.opened(peer.received)
                try #require(answer.isRight && bytes.starts(with: answer.bytes), world.replay)
                guard let entry = world.ledger.entry(of: peer), entry.reason == .peer,
                    peer.isEnded && !peer.didReset && !peer.wasReset
                else { continue }
                try #require(answer.isEnded && answer.bytes == bytes, world.replay)
                complete += 1
            }
            try #require(world.leftovers == World.nothing, world.replay)
            world.network.stop()
        }
        #expect(complete > 12)
    }

    @Test(arguments: SimulatedSending.allCases) func messagesCutAtEveryByte(sending: SimulatedSending) throws
    {
        let bodies = [pattern(0, salt: 0), pattern(1, salt: 1), pattern(11, salt: 2), pattern(905, salt: 3)]
        let stream = Self.sealed(bodies.flatMap(UnreadTests.frame), ending: false)
        for cut in stride(from: 0, through: stream.count, by: cutStep) {
            let got = Shared<[[UInt8]]>([])
            let parse = UnreadTests.parse { message in got.withLock { $0.append(message) } }
            let world = try World(
                sending: sending,
                handler: { handler in
                    parse(&handler)
                    handler.opened = { $0.scramble() }
                })
            let peer = world.connect()
            try world.network.run { peer.wasConnected }
            peer.send(stream[..<cut])
            try world.network.run(for: .milliseconds(1))
            peer.send(stream[cut...])
            try world.network.run(for: .milliseconds(1))
            #expect(got.value == bodies, "cut at \(cut)")
            #expect(world.hosts[0].buffers.pool.counts.outstanding == 0)
            world.network.stop()
        }
    }

    #if DEBUG
    private let cutStep = 7
    #else
    private let cutStep = 1
    #endif

    /// As TLS begins: a hello in the clear, and what came behind it in the same reception is opened.
    @Test(arguments: SimulatedSending.allCases) func whatFollowsAHelloIsOpened(sending: SimulatedSending)
        throws
    {
        let greeting: [UInt8] = [1, 2, 3]
        let body = pattern(3000, salt: 4)
        let stream = greeting + Self.sealed(body)
        for cut in [0, 1, 3, 4, 100, 2000] {
            let world = try World(
                sending: sending,
                handler: { handler in
                    handler.received = { data, peer in
                        if peer.base.slot[].flags.contains(.transformed) { return _ = peer.send(data) }
                        if data.count < greeting.count { return peer.leaveUnread(data.count) }
                        peer.send(data.extracting(0..<greeting.count))
                        peer.scramble()
                        peer.leaveUnread(data.count - greeting.count)
                    }
                })
            let peer = world.connect()
            peer.send(stream[..<cut])
            try world.network.run(for: .milliseconds(1))
            peer.send(stream[cut...])
            peer.finish()
            try world.network.runToRest()
            #expect(peer.received.starts(with: greeting))
            let answer = Scramble.opened(Array(peer.received.dropFirst(greeting.count)))
            #expect(answer.bytes == body && answer.isEnded && answer.isRight, "cut at \(cut)")
            #expect(world.ledger.entry(of: peer)?.reason == .peer)
            #expect(world.leftovers == World.nothing)
            world.network.stop()
        }
    }

    /// The same where the hello waited: what is shown again after a pause has records behind it already.
    @Test(arguments: SimulatedSending.allCases)
    func whatFollowsAHelloThatWaitedIsOpened(sending: SimulatedSending) throws {
        let greeting: [UInt8] = [1, 2, 3]
        let body = pattern(500, salt: 4)
        let isDue = Shared(false)
        let world = try World(
            sending: sending,
            handler: { handler in
                handler.received = { data, peer in
                    if peer.base.slot[].flags.contains(.transformed) { return _ = peer.send(data) }
                    guard isDue.value else {
                        peer.pauseReading()
                        peer.schedule(after: .milliseconds(1), tag: 1)
                        return peer.leaveUnread(data.count)
                    }
                    peer.send(data.extracting(0..<greeting.count))
                    peer.scramble()
                    peer.leaveUnread(data.count - greeting.count)
                }
                handler.timer = { _, peer in
                    isDue.withLock { $0 = true }
                    peer.resumeReading()
                }
            })
        let peer = world.connect()
        peer.send(greeting + Self.sealed(body, ending: false))
        try world.network.run(for: .milliseconds(100))
        #expect(peer.received.starts(with: greeting))
        let answer = Scramble.opened(Array(peer.received.dropFirst(greeting.count)))
        #expect(answer.bytes == body && answer.isRight)
        // Reading goes on.
        peer.send([0, 0])
        peer.finish()
        try world.network.runToRest()
        #expect(world.ledger.entry(of: peer)?.reason == .peer)
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    @Test(arguments: SimulatedSending.allCases) func aWrongRecordIsAnsweredAndEndsTheConnection(
        sending: SimulatedSending
    ) throws {
        var number: UInt64 = 0
        let good = Scramble.sealed(pattern(10, salt: 1)[...], from: &number)
        var bad = Scramble.sealed(pattern(10, salt: 2)[...], from: &number)
        bad[5] ^= 1
        let world = try World(sending: sending, handler: { $0.opened = { $0.scramble() } })
        let peer = world.connect()
        peer.send(good + bad)
        try world.network.runToRest()
        let answer = Scramble.opened(peer.received)
        // The good record is shown and answered; the alert is the last word.
        #expect(answer.bytes == pattern(10, salt: 1) + [0xEE] && !answer.isEnded && answer.isRight)
        guard case .protocolError(let rule) = world.ledger.entry(of: peer)?.reason else {
            return #expect(Bool(false), "\(String(describing: world.ledger.entry(of: peer)?.reason))")
        }
        #expect(rule.text == "a record's sum is right")
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// The last word is said to a peer whose handler has closed in the meantime, too, and only once.
    @Test(arguments: SimulatedSending.allCases) func anAlertComesLastWhoeverCloses(sending: SimulatedSending)
        throws
    {
        var number: UInt64 = 0
        let good = Scramble.sealed(pattern(10, salt: 1)[...], from: &number)
        var bad = Scramble.sealed(pattern(10, salt: 2)[...], from: &number)
        bad[5] ^= 1
        let world = try World(
            sending: sending,
            handler: { handler in
                handler.opened = { $0.scramble() }
                handler.received = { data, peer in
                    peer.send(data)
                    peer.close()
                }
            })
        let peer = world.connect()
        peer.send(good + bad)
        try world.network.runToRest()
        let answer = Scramble.opened(peer.received)
        #expect(answer.bytes == pattern(10, salt: 1) + [0xEE] && answer.isRight)
        #expect(world.ledger.entry(of: peer)?.reason == .local)
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// Nothing leaves in the clear, and the connection ends with a cause of its own.
    @Test(arguments: SimulatedSending.allCases) func whatCannotBeSealedEndsTheConnection(
        sending: SimulatedSending
    ) throws {
        let world = try World(sending: sending, handler: { $0.opened = { $0.scramble(isBroken: true) } })
        let peer = world.connect()
        var number: UInt64 = 0
        peer.send(Scramble.sealed(pattern(10, salt: 1)[...], from: &number))
        try world.network.runToRest()
        #expect(peer.received == [] && peer.wasReset)
        #expect(world.ledger.entry(of: peer)?.reason == .io(Errno(rawValue: ENOKEY)))
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// What waits when the peer breaks a rule is passed over where the transform makes nothing of it: the
    /// alert leaves all the same, and the cause is the peer's.
    @Test(arguments: SimulatedSending.allCases) func whatWaitsIsPassedOverBehindAFailure(
        sending: SimulatedSending
    ) throws {
        let world = try World(sending: sending) {
            $0.connection.pausesReadingUnderPressure = false
        } handler: {
            $0.opened = { $0.scramble(fallsSilent: true) }
        }
        let peer = world.connect()
        peer.pauseReading()
        var number: UInt64 = 0
        var sent: [UInt8] = []
        for salt in 0..<40 {
            let bytes = pattern(5000, salt: salt)
            sent += bytes
            peer.send(Scramble.sealed(bytes[...], from: &number))
            try world.network.run(for: .milliseconds(1))
        }
        var bad = Scramble.sealed(pattern(10, salt: 2)[...], from: &number)
        bad[5] ^= 1
        peer.send(bad)
        try world.network.run(for: .milliseconds(1))
        #expect(Self.audit(world).isEmpty)
        peer.resumeReading()
        try world.network.runToRest()
        let answer = Scramble.opened(peer.received)
        // The echo ends where its sealing stood at the failure; the alert is the last word.
        #expect(answer.isRight && answer.bytes.last == 0xEE && answer.bytes.count < sent.count)
        #expect(sent.starts(with: answer.bytes.dropLast()))
        let rule = CloseCause.protocolError(ProtocolRule("a record's sum is right"))
        #expect(world.ledger.entry(of: peer)?.reason == rule)
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    @Test func anEndThatWasNotSaidIsNoEnd() throws {
        for ending in [true, false] {
            let world = try World(handler: { $0.opened = { $0.scramble() } })
            let peer = world.connect()
            peer.send(Self.sealed(pattern(100, salt: 1), ending: ending))
            peer.finish()
            try world.network.runToRest()
            let reason = world.ledger.entry(of: peer)?.reason
            let cut = CloseCause.protocolError(ProtocolRule("the end is said"))
            #expect(reason == (ending ? .peer : cut))
            world.network.stop()
        }
    }

    /// What the transform answers goes between records, never into one, however slow the reader is.
    @Test(arguments: SimulatedSending.allCases) func answersStandBetweenRecords(sending: SimulatedSending)
        throws
    {
        let world = try World(sending: sending) {
            $0.connection.pausesReadingUnderPressure = false
        } handler: {
            $0.opened = { $0.scramble() }
        }
        let peer = world.connect()
        peer.pauseReading()
        var number: UInt64 = 0
        var sent: [UInt8] = []
        for salt in 0..<40 {
            let bytes = pattern(5000, salt: salt)
            sent += bytes
            peer.send([0xFF, 0xFE] + Scramble.sealed(bytes[...], from: &number))
            try world.network.run(for: .milliseconds(1))
            #expect(Self.audit(world).isEmpty)
        }
        peer.resumeReading()
        peer.send([0, 0])
        peer.finish()
        try world.network.runToRest()
        let answer = Scramble.opened(peer.received)
        #expect(answer.isRight && answer.isEnded && answer.bytes.count == sent.count + 40)
        #expect(world.ledger.entry(of: peer)?.reason == .peer)
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// A handler that takes little and pauses is shown the rest when it resumes: nothing lost, nothing twice.
    @Test(arguments: SimulatedSending.allCases) func pausesLoseNothing(sending: SimulatedSending) throws {
        for seed: UInt64 in 0..<10 {
            let world = try World(
                seed: seed, sending: sending,
                handler: { handler in
                    handler.opened = { $0.scramble() }
                    handler.received = { data, peer in
                        let taken = min(data.count, 97)
                        peer.send(data.extracting(0..<taken))
                        peer.leaveUnread(data.count - taken)
                        if data.count == taken { return }
                        peer.pauseReading()
                        peer.schedule(after: .milliseconds(1), tag: 1)
                    }
                    handler.timer = { _, peer in peer.resumeReading() }
                })
            var random = SimulatedRandom(seed: seed)
            let peer = world.connect()
            let bytes = pattern(6000, salt: Int(seed))
            var number: UInt64 = 0
            var rest = Scramble.sealed(bytes[...], from: &number)[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...900, using: &random))
                rest = rest.dropFirst(part.count)
                peer.send(part)
                try world.network.run(for: .milliseconds(3))
                #expect(Self.audit(world).isEmpty)
            }
            try world.network.run(for: .seconds(1))
            let answer = Scramble.opened(peer.received)
            #expect(answer.isRight && answer.bytes == bytes, "seed \(seed): \(answer.bytes.count)")
            world.network.stop()
        }
    }

    /// As `UnreadTests` has it in the clear: a handler that waits for as much as may stay unread, and takes a
    /// little of it then, is shown the rest again. A record that came as a whole is more than was waited for.
    @Test(arguments: SimulatedSending.allCases)
    func takingALittleOfALotBreaksNoRule(sending: SimulatedSending) throws {
        let limit = 16 << 10
        let most = Shared(0)
        let taken = Shared<[UInt8]>([])
        let world = try World(sending: sending) {
            $0.group.limits.chunkBytes = limit
            $0.connection.unreadBytesMax = limit
        } handler: { handler in
            handler.opened = { $0.scramble() }
            handler.received = { data, peer in
                let count = data.count
                most.withLock { $0 = max($0, count) }
                if most.value < limit { return peer.leaveUnread(count) }
                let part = min(count, 70)
                taken.withLock { $0 += [UInt8](copying: data.bytes.extracting(first: part)) }
                peer.leaveUnread(count - part)
                if count == part { return }
                peer.pauseReading()
                peer.schedule(after: .milliseconds(1), tag: 1)
            }
            handler.timer = { _, peer in peer.resumeReading() }
        }
        let peer = world.connect()
        let bytes = pattern(3 * limit, salt: 1)
        peer.send(Self.sealed(bytes, ending: false))
        #expect(try world.network.run { taken.value.count == bytes.count }, world.replay)
        #expect(taken.value == bytes && most.value > limit + 70)
        #expect(world.ledger.closes == 0)
        world.network.stop()
    }
}
