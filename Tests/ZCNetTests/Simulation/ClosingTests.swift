import Glibc
import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Every open is followed by exactly one close, whatever ends the connection and whenever.
@Suite struct ClosingTests {
    /// Runs until the server has nothing left, and checks the books.
    func settle(_ world: World, causes: [CloseCause], within limit: Duration = .seconds(5)) throws {
        let isOver = try world.network.run { world.ledger.opens > 0 && world.server.connectionCount == 0 }
        #expect(isOver, world.replay)
        #expect(world.network.elapsed < limit, world.replay)
        #expect(world.ledger.isBalanced, world.replay)
        #expect(world.ledger.causes.allSatisfy(causes.contains), "\(world.ledger.causes)")
        #expect(world.leftovers == World.nothing)
        world.network.stop()
        #expect(world.ledger.isBalanced)
        // What is still on its way comes to the peers.
        try world.network.runToRest()
    }

    /// A connection that is up.
    func open(_ world: World) throws -> SimulatedPeer {
        let peer = world.connect()
        #expect(try world.network.run { world.ledger.opens == 1 && peer.wasConnected })
        return peer
    }

    func remote(_ world: World) throws -> RemoteConnection {
        RemoteConnection(id: try #require(world.ledger.ids.first), siblings: world.group.siblings)
    }

    @Test(arguments: SimulatedSending.allCases)
    func resetWhenJustOpened(sending: SimulatedSending) throws {
        let world = try World(sending: sending) { _ in
        } handler: { handler in
            handler.opened = { $0.send("welcome") }
        }
        try open(world).reset()
        try settle(world, causes: [.io(.connectionReset)])
    }

    @Test(arguments: SimulatedSending.allCases)
    func resetWhileOutputIsBlocked(sending: SimulatedSending) throws {
        let world = try World(faults: OverflowTests.smallKernel(), sending: sending)
        let peer = try open(world)
        peer.pauseReading()
        peer.send(pattern(100_000, salt: 1))
        try world.network.run(for: .milliseconds(5))
        #expect(world.hosts[0].buffers.pool.counts.outstanding > 0)
        peer.reset()
        try settle(world, causes: [.io(.connectionReset)])
    }

    @Test func resetWhilePaused() throws {
        let world = try World { _ in
        } handler: { handler in
            handler.opened = { $0.pauseReading() }
        }
        let peer = try open(world)
        peer.send("not read")
        try world.network.run(for: .milliseconds(1))
        peer.reset()
        try settle(world, causes: [.io(.connectionReset)])
    }

    @Test func resetDuringLinger() throws {
        let world = try World()
        let peer = try open(world)
        peer.closesAtEnd = false
        try remote(world).close()
        try world.network.run { peer.isEnded }
        #expect(world.ledger.closes == 0, "the peer has not ended yet")
        peer.reset()
        try settle(world, causes: [.local])
    }

    @Test func aPeerThatEndsIsAnsweredInFull() throws {
        let world = try World(faults: OverflowTests.smallKernel())
        let peer = try open(world)
        let bytes = pattern(50_000, salt: 3)
        peer.send(bytes)
        peer.finish()
        try settle(world, causes: [.peer])
        #expect(peer.received == bytes && peer.isEnded && !peer.wasReset)
    }

    @Test func withHalfCloseTheHandlerDecides() throws {
        let world = try World {
            $0.connection.allowsHalfClose = true
        } handler: { handler in
            handler.received = { _, _ in }
            handler.ended = { peer in peer.schedule(after: .seconds(1), tag: 7) }
            handler.timer = { tag, peer in
                #expect(tag == 7)
                #expect(peer.send("still here").isAccepted)
                peer.close()
            }
        }
        let peer = try open(world)
        peer.finish()
        try settle(world, causes: [.local])
        #expect(peer.received == Array("still here".utf8) && world.network.elapsed >= .seconds(1))
    }

    @Test func bothDirectionsEndedIsTheEnd() throws {
        let world = try World {
            $0.connection.allowsHalfClose = true
        } handler: { handler in
            handler.opened = { peer in
                peer.send("bye")
                peer.finishSending()
                #expect(peer.send("more") == .closed)
            }
            handler.ended = { _ in }
        }
        let peer = world.connect()
        peer.closesAtEnd = false
        try world.network.run { peer.isEnded }
        peer.send("one more word")
        try world.network.run(for: .milliseconds(1))
        #expect(world.ledger.closes == 0 && world.ledger.all[0].bytesIn == 13)
        peer.finish()
        try settle(world, causes: [.peer])
        #expect(peer.received == Array("bye".utf8))
    }

    @Test(arguments: SimulatedSending.allCases, [0, 5, 20, 40, 100])
    func bothSidesCloseAtAboutTheSameTime(sending: SimulatedSending, microseconds: Int) throws {
        for seed: UInt64 in 0..<10 {
            var faults = SimulatedFaults.none
            faults.latencyNanoseconds = 1000...50_000
            let world = try World(seed: seed, faults: faults, sending: sending)
            let peer = try open(world)
            peer.send(pattern(2000, salt: 0))
            if seed & 1 == 0 { peer.finish() } else { peer.close() }
            try world.network.run(for: .microseconds(microseconds))
            if let remote = try? remote(world) { remote.close() }
            try settle(world, causes: [.local, .peer, .io(.connectionReset)])
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func theLentViewOutlivesACloseInItsCallback(sending: SimulatedSending) throws {
        let bytes = pattern(30_000, salt: 9)
        let seen = Shared<[UInt8]>([])
        let world = try World(sending: sending) { _ in
        } handler: { handler in
            handler.received = { data, peer in
                peer.send("x")
                peer.close()
                peer.abort()
                let rest = data.copy()
                let copied: [UInt8] = unsafe rest.withUnsafeBytes { unsafe Array($0) }
                seen.withLock { $0 += copied }
                #expect(peer.send(data) == .closed)
            }
        }
        let peer = try open(world)
        peer.send(bytes)
        try settle(world, causes: [.local])
        #expect(bytes.starts(with: seen.value) && !seen.value.isEmpty)
        #expect(peer.wasReset)
    }

    @Test(arguments: SimulatedSending.allCases)
    func outputSentBeforeACloseInTheSameCallbackArrives(sending: SimulatedSending) throws {
        let world = try World(faults: OverflowTests.smallKernel(), sending: sending) { _ in
        } handler: { handler in
            handler.received = { _, peer in
                peer.send(pattern(40_000, salt: 2).span)
                peer.close()
                #expect(peer.send("late") == .closed)
            }
        }
        let peer = try open(world)
        peer.send("go")
        // Bytes that come after the close are taken and thrown away, so that no reset destroys the answer.
        try world.network.run(for: .microseconds(30))
        peer.send(pattern(20_000, salt: 5))
        try settle(world, causes: [.local])
        #expect(peer.received == pattern(40_000, salt: 2) && peer.isEnded && !peer.wasReset)
    }

    @Test(arguments: SimulatedSending.allCases)
    func callbacksMaySendToOthers(sending: SimulatedSending) throws {
        let first = Shared<ConnectionID?>(nil)
        let world = try World(sending: sending) {
            $0.connection.allowsHalfClose = true
        } handler: { handler in
            handler.opened = { peer in
                let id = peer.id
                first.withLock { if $0 == nil { $0 = id } }
            }
            handler.received = { data, peer in
                guard let id = first.value, id != peer.id else { return }
                #expect(peer.loop.send(data.bytes, to: id).isAccepted)
                peer.send("told")
            }
            handler.ended = { _ in }
            handler.closed = { peer, _ in
                guard let id = first.value, id != peer.id else { return }
                peer.loop.send(SharedBytes("gone"), to: id)
                #expect(peer.send("to the dead") == .closed)
            }
        }
        let listener = try open(world)
        let speaker = world.connect()
        speaker.send("hello")
        speaker.finish()
        #expect(try world.network.run { listener.received == Array("hello".utf8) })
        #expect(try world.network.run { speaker.received == Array("told".utf8) })
        try world.network.run(for: .milliseconds(1))
        let id = try #require(world.ledger.ids.first { $0 != first.value })
        // Ends at the end of a turn, since the peer has ended already.
        RemoteConnection(id: id, siblings: world.group.siblings).close()
        let member = try #require(world.network.members.first)
        try member.loop.turn(member.tenant, waitMax: 0)
        world.network.advance(to: world.network.now + 1_000_000)
        world.network.runDueEvents()
        // In flight it was offered with this turn, and moves with the next.
        let isThere = listener.received == Array("hellogone".utf8)
        #expect(isThere || sending == .inFlight, "what is sent at an end leaves with the turn")
        #expect(try world.network.run { listener.received == Array("hellogone".utf8) })
        RemoteConnection(id: try #require(first.value), siblings: world.group.siblings).close()
        try settle(world, causes: [.local])
    }

    @Test func connectingEndsOneWayOrAnother() throws {
        let network = SimulatedNetwork(seed: 1)
        let group = try network.makeGroup()
        let ledger = Ledger()
        let client = try TCPClient(group: group) { LedgerHandler(ledger) }
        let results = Shared<[String]>([])
        let there = SocketAddress.ip(.loopbackV4, port: 80)
        let greeted = Shared(0)
        network.answer(at: there) { peer in
            greeted.withLock { $0 += 1 }
            peer.send("hi")
        }
        network.start(group)
        func connect(_ text: String) {
            client.connect(to: text, timeout: .seconds(3)) { result in
                let word = if case .success = result { "up" } else { "not" }
                results.withLock { $0.append(word) }
            }
        }
        connect("127.0.0.1:80")
        #expect(try network.run { results.value == ["up"] && ledger.all.first?.bytesIn == 2 })
        connect("127.0.0.1:81")
        #expect(try network.run { results.value == ["up", "not"] })
        network.faults.lostConnects = 1
        let start = network.elapsed
        connect("127.0.0.1:80")
        #expect(try network.run { results.value == ["up", "not", "not"] })
        #expect(network.elapsed - start >= .seconds(3) && network.elapsed - start < .seconds(4))
        connect("127.0.0.1:80")
        try network.run(for: .seconds(1))
        network.stop()
        #expect(results.value == ["up", "not", "not", "not"])
        #expect(ledger.opens == 1 && ledger.isBalanced && ledger.causes == [.shutdown])
        #expect(network.acceptedCount == 0)
    }
}
