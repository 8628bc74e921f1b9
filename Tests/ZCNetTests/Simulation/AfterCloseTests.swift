import Testing

@testable import ZCNet
@testable import ZCNetTesting

/// Behind a handler's `close` or `abort` nothing but `onClose` comes, whatever the peer and the network do.
@Suite struct AfterCloseTests {
    #if DEBUG
    static let seedCount: UInt64 = 60
    #else
    static let seedCount: UInt64 = 1000
    #endif

    /// Closes at some callback, in some way, and writes down what comes afterwards.
    private struct Closer: ConnectionHandler {
        struct State {
            var hasClosed = false
            var calls: [String] = []
        }

        let notes: Ledger
        var random: SimulatedRandom

        mutating func makeState() -> State { State() }

        private mutating func called(_ name: String, _ peer: inout Connection<State>) {
            peer.state.calls.append(name)
            if peer.state.hasClosed { notes.note("\(peer.state.calls)") }
            if random.next() & 7 < 5 { peer.send(String(repeating: "x", count: 600)) }
            if random.next() & 1 == 0 {
                peer.schedule(after: .microseconds(Int64(random.next() & 0x3FFF)), tag: 1)
            }
            guard random.next() & 7 == 0 else { return }
            peer.state.hasClosed = true
            switch random.next() & 3 {
            case 0: peer.abort()
            case 1:
                peer.close()
                peer.abort()
            default: peer.close()
            }
            // Nothing of this may bring a callback about any more.
            peer.schedule(after: .zero, tag: 2)
            peer.pauseReading()
            peer.resumeReading()
        }

        mutating func onOpen(_ peer: inout Connection<State>) {
            called("open", &peer)
            let hasClosed = peer.state.hasClosed
            notes.update(peer.id) {
                $0.opens += 1
                $0.ends += hasClosed ? 1 : 0
            }
        }

        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>) {
            called("data", &peer)
            peer.leaveUnread(min(data.count, Int(random.next() & 63)))
        }

        mutating func onWritable(_ peer: inout Connection<State>) { called("writable", &peer) }

        mutating func onPeerEnded(_ peer: inout Connection<State>) {
            called("ended", &peer)
            if !peer.state.hasClosed { peer.close() }
            peer.state.hasClosed = true
        }

        mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>) {
            called("timer", &peer)
        }

        mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason) {
            notes.update(peer.id) { $0.closes += 1 }
        }
    }

    private func limits(_ seed: UInt64) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.outboundHighWatermarkBytes = 2000
        limits.outboundLowWatermarkBytes = 500
        limits.outboundBytesMax = 3000
        limits.allowsHalfClose = seed & 1 == 0
        return limits
    }

    @Test(arguments: SimulatedSending.allCases)
    func nothingButTheEndFollowsAClose(_ sending: SimulatedSending) throws {
        var (opens, atOnce) = (0, 0)
        for seed in 0..<Self.seedCount {
            let notes = Ledger()
            let network = SimulatedNetwork(
                seed: seed, faults: seed % 3 == 0 ? .none : .nasty, sending: sending)
            let group = try network.makeGroup()
            var configuration = TCPServer.Configuration()
            configuration.connection = limits(seed)
            let server = try TCPServer(on: "127.0.0.1:9000", configuration: configuration, group: group) {
                Closer(notes: notes, random: SimulatedRandom(seed: seed))
            }
            network.start(group)
            for number in 0..<6 {
                let peer = network.connect(to: server.address)
                peer.send(pattern(5000, salt: number))
                if number & 1 == 0 { peer.finish() }
            }
            try network.run(for: .seconds(300))
            let after = "seed \(seed): \(notes.texts)"
            #expect(notes.texts.isEmpty, "\(after)")
            network.stop()
            #expect(notes.isBalanced, "seed \(seed)")
            opens += notes.opens
            atOnce += notes.all.reduce(0) { $0 + $1.ends }
        }
        // Connections were closed from `onOpen` as well as later.
        #expect(atOnce > 0 && opens > atOnce)
    }

    /// `connect` is answered between `onOpen` and everything else, also where `onOpen` ends the connection.
    @Test(arguments: [false, true]) func connectIsAnsweredBeforeTheEnd(_ aborts: Bool) throws {
        let network = SimulatedNetwork(seed: 1)
        let group = try network.makeGroup()
        let ledger = Ledger()
        let client = try TCPClient(group: group) {
            var handler = LedgerHandler(ledger)
            handler.opened = { peer in
                ledger.note("open")
                if aborts { peer.abort() } else { peer.close() }
            }
            handler.closed = { _, _ in ledger.note("close") }
            return handler
        }
        network.start(group)
        let address = SocketAddress.ip(.loopbackV4, port: 9001)
        network.answer(at: address) { _ in }
        client.connect(to: "127.0.0.1:9001") { result in
            ledger.note((try? result.get()) == nil ? "failed" : "connected")
        }
        #expect(try network.run { ledger.closes == 1 })
        #expect(ledger.texts == ["open", "connected", "close"])
        network.stop()
    }
}
