import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Unfinished messages: left unread, shown again with what follows.
@Suite struct UnreadTests {
    /// Parses messages of a 4-byte big-endian length and as many bytes, and keeps them.
    static func parse(into messages: @escaping @Sendable ([UInt8]) -> Void)
        -> @Sendable (inout LedgerHandler) -> Void
    {
        { handler in
            handler.received = { data, peer in
                let bytes = data.bytes
                var position = 0
                while bytes.byteCount - position >= 4 {
                    var length = 0
                    for index in 0..<4 { length = length << 8 | Int(Self.byte(bytes, position + index)) }
                    if bytes.byteCount - position - 4 < length { break }
                    messages((0..<length).map { Self.byte(bytes, position + 4 + $0) })
                    position += 4 + length
                }
                peer.leaveUnread(bytes.byteCount - position)
            }
        }
    }

    static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    static func frame(_ body: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
    }

    @Test func messagesCutAtEveryByte() throws {
        let bodies = [pattern(0, salt: 0), pattern(1, salt: 1), pattern(11, salt: 2), pattern(5, salt: 3)]
        let stream = bodies.flatMap(Self.frame)
        for cut in 0...stream.count {
            let got = Shared<[[UInt8]]>([])
            let world = try World(handler: Self.parse { message in got.withLock { $0.append(message) } })
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

    @Test(arguments: SimulatedSending.allCases)
    func messagesUnderRandomSplits(sending: SimulatedSending) throws {
        var faults = SimulatedFaults.nasty
        (faults.resets, faults.halfCloses, faults.refusedConnects, faults.lostConnects) = (0, 0, 0, 0)
        faults.abortedAccepts = 0
        for seed: UInt64 in 0..<10 {
            var random = SimulatedRandom(seed: seed)
            let bodies = (0..<20).map { pattern(Int.random(in: 0...900, using: &random), salt: $0) }
            let got = Shared<[[UInt8]]>([])
            let world = try World(
                seed: seed, faults: faults, sending: sending,
                handler: Self.parse { message in got.withLock { $0.append(message) } })
            let peer = world.connect()
            peer.send(bodies.flatMap(Self.frame))
            peer.finish()
            try #require(try world.network.run { world.ledger.closes == 1 }, world.replay)
            #expect(got.value == bodies, world.replay)
            #expect(world.leftovers == World.nothing)
            world.network.stop()
        }
    }

    @Test func aHugeMessageGrowsWithWhatArrives() throws {
        let got = Shared<[[UInt8]]>([])
        let most = Shared(0)
        let world = try World {
            $0.connection.unreadBytesMax = 4 << 20
        } handler: { handler in
            Self.parse { message in got.withLock { $0.append(message) } }(&handler)
        }
        let peer = world.connect()
        let body = pattern(3 << 20, salt: 5)
        peer.send(Self.frame(body).prefix(1000))
        try world.network.run(for: .milliseconds(10))
        // 3 MiB were promised, 1000 bytes came.
        let early = world.hosts[0].buffers.pool.counts.outstandingBytes
        #expect(early > 0 && early <= 16 << 10)
        peer.send(Self.frame(body).dropFirst(1000))
        try world.network.run {
            let bytes = world.hosts[0].buffers.pool.counts.outstandingBytes
            most.withLock { $0 = max($0, bytes) }
            return !got.value.isEmpty
        }
        #expect(got.value == [body])
        #expect(most.value <= 16 << 20)
        #expect(world.hosts[0].buffers.pool.counts.outstanding == 0)
        world.network.stop()
    }

    @Test(arguments: [1000, 64 << 10, 1 << 20])
    func tooMuchUnreadIsAProtocolError(limit: Int) throws {
        let most = Shared(0)
        let world = try World {
            $0.connection.unreadBytesMax = limit
        } handler: { handler in
            handler.received = { data, peer in
                let count = data.count
                most.withLock { $0 = max($0, count) }
                peer.leaveUnread(count)
            }
        }
        let peer = world.connect()
        // Cut small, so that the limit is met while bytes are gathered.
        world.network.faults.segmentBytesMax = 700
        peer.send(pattern(limit * 3, salt: 0))
        #expect(try world.network.run { world.ledger.closes == 1 }, world.replay)
        guard case .protocolError = world.ledger.causes.first else {
            Issue.record("\(world.ledger.causes)")
            return
        }
        #expect(world.network.elapsed < .seconds(5), "the peer's end is seen, not waited for in vain")
        #expect(most.value <= 2 * limit + (64 << 10))
        #expect(world.leftovers == World.nothing)
        world.network.stop()
    }

    /// A handler that takes a little of a lot and pauses: what is received behind the rest stays within the
    /// limit, however large the buffer is and however much there is to receive.
    @Test func takingALittleOfALotBreaksNoRule() throws {
        var faults = SimulatedFaults.none
        faults.receiveBufferBytes = 1 << 20
        let taken = Shared<[UInt8]>([])
        let world = try World(faults: faults, sending: .direct) {
            $0.group.limits.chunkBytes = 48 << 10
            $0.connection.unreadBytesMax = 48 << 10
        } handler: { handler in
            handler.received = { data, peer in
                // Messages of seven bytes, so that receptions end within them.
                let count = min(data.count, 7000) / 7 * 7
                let bytes = [UInt8](copying: data.bytes.extracting(first: count))
                taken.withLock { $0 += bytes }
                if count < data.count { peer.leaveUnread(data.count - count) }
                if data.count - count < 7 { return }
                peer.pauseReading()
                peer.schedule(after: .milliseconds(10), tag: 7)
            }
            handler.timer = { _, peer in peer.resumeReading() }
        }
        let peer = world.connect()
        let bytes = pattern(7 << 17, salt: 1)
        peer.send(bytes)
        #expect(try world.network.run { taken.value.count == bytes.count }, world.replay)
        #expect(taken.value == bytes)
        #expect(world.ledger.closes == 0)
        world.network.stop()
    }

    /// A burst's buffers go back to the system within two periods, and then the loop sleeps; who goes on has
    /// none made anew.
    @Test func aLoopAtRestGivesItsBuffersBack() throws {
        let world = try World(handler: Self.parse { _ in })
        let pool = { world.hosts[0].buffers.pool.counts }
        let peers = (0..<5).map { _ in world.connect() }
        let frame = Self.frame(pattern(200_000, salt: 1))
        for _ in 0..<20 {
            for peer in peers {
                peer.send(frame[..<100_000])
                try world.network.run(for: .milliseconds(10))
                peer.send(frame[100_000...])
            }
            try world.network.run(for: .seconds(3))
        }
        let made = pool().classes.reduce(0) { $0 + $1.made }
        #expect(pool().idleBytes > 0 && made < 20, "\(made)")
        try world.network.run(for: ConnectionBuffers.freeingPeriod * 2 + .seconds(1))
        #expect(pool().idleBytes == 0 && pool().outstanding == 0)
        let timers = world.group.snapshot()[.timersFired]
        try world.network.run(for: .seconds(60))
        // The idle limit's, for each connection, and none of the pool's.
        #expect(world.group.snapshot()[.timersFired] - timers <= peers.count)
        world.network.stop()
    }
}
