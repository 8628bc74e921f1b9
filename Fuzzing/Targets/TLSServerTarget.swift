#if TLS
import ZCNet
import ZCNetTLS
import ZCNetTesting

/// A client's view of a hostile server, in a simulated network: a server of OpenSSL's whose flights the input
/// changes, and that then sends records of any kind under the right keys. Each attempt is answered once, each
/// connection ends once, nothing is left, and no data is shown that the server has not sealed.
struct TLSServerTarget: FuzzTarget {
    let name = "tls-server"
    let bytesMax = 1500

    var words: [[UInt8]] { TLSRecordsTarget().words }

    /// How many changes of flights the first byte asks for, five bytes to a change; then a `RecordScript`.
    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let changes = random.oneIn(3) ? 1 + random.below(3) : 0
        return [UInt8(changes)] + random.bytes(5 * changes) + TLSRecordsTarget().make(&random)
    }

    /// What a client is told. The simulation has one thread.
    private final class Ledger: @unchecked Sendable {
        var answers = 0
        var successes = 0
        var opens = 0
        var closes = 0
        var heard: [ConnectionID: [UInt8]] = [:]
        var complaint = ""
    }

    private struct Listener: ConnectionHandler {
        let ledger: Ledger

        mutating func onOpen(_ peer: inout Peer) {
            ledger.opens += 1
            peer.send("hello")
        }
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            ledger.heard[peer.id, default: []] += unsafe data.bytes.withUnsafeBytes { unsafe Array($0) }
        }
        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
            ledger.closes += 1
            ledger.complaint = "\(reason)"
        }
    }

    /// A server at one connection.
    private final class Server {
        let peer: SimulatedPeer
        private let side: HandshakeSide
        private let bench: CipherBench
        private var changes: ArraySlice<UInt8>
        private var script: RecordScript
        private var readCount = 0
        private var hasPlayed = false
        var data: [UInt8] { script.data }

        init(_ peer: SimulatedPeer, _ bench: CipherBench, _ input: [UInt8]) throws {
            self.peer = peer
            self.bench = bench
            side = try HandshakeSide(isServer: true)
            let count = min(5 * Int(input.first ?? 0) % 20, max(input.count - 1, 0))
            changes = input.dropFirst().prefix(count)
            script = RecordScript(input.dropFirst(1 + count))
        }

        func hear() {
            let bytes = Array(peer.received[readCount...])
            readCount = peer.received.count
            var flight = side.step(bytes)
            if side.isDone && !hasPlayed {
                hasPlayed = true
                if let forger = try? Forger(side, bench) { flight += script.play(forger) }
                peer.send(changed(flight))
                return peer.finish()
            }
            if !flight.isEmpty { peer.send(changed(flight)) }
            if side.hasFailed { peer.finish() }
        }

        private func changed(_ flight: [UInt8]) -> [UInt8] {
            var flight = flight
            guard !flight.isEmpty, changes.count >= 5 else { return flight }
            let change = Array(changes.prefix(5))
            changes = changes.dropFirst(5)
            let place = (Int(change[1]) << 8 | Int(change[2])) % flight.count
            switch change[0] % 4 {
            case 0: flight[place] ^= change[3]
            case 1: flight.insert(contentsOf: [change[3], change[4]], at: place)
            case 2: flight.removeSubrange(place...)
            default: flight.insert(contentsOf: flight[place...].prefix(Int(change[3])), at: place)
            }
            return flight
        }
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let isNasty = random.oneIn(3)
        let network = SimulatedNetwork(
            seed: random.next(), faults: isNasty ? .nasty : .none,
            sending: random.pick([.direct, .inFlight]), traceMax: 10)
        guard let bench = CipherBench() else { throw Broken("the three ciphers") }
        let address = SocketAddress.ip(.loopbackV4, port: 443)
        var servers: [Server] = []
        network.answer(at: address) { peer in
            guard let server = try? Server(peer, bench, input) else { return }
            servers.append(server)
            peer.onReceive = { [unowned server] in server.hear() }
        }
        let ledger = Ledger()
        let group = try network.makeGroup()
        let client = try TCPClient(Self.configuration(random.oneIn(2)), group: group) {
            Listener(ledger: ledger)
        }
        network.start(group)
        for _ in 0..<2 {
            client.connect(to: "\(address)") { result in
                ledger.answers += 1
                if case .success = result { ledger.successes += 1 }
            }
            try network.runToRest()
        }
        let isChanged = input.first.map { $0 > 0 } ?? false
        try expect(ledger.answers == 2, "an answer to each attempt, got \(ledger.answers)")
        try expect(ledger.opens == ledger.closes, "a close per open: \(ledger.opens), got \(ledger.closes)")
        try expect(
            isNasty || isChanged || ledger.successes == 2, "both come up, got \(ledger.successes)")
        for heard in ledger.heard.values {
            try expect(
                servers.contains { $0.data.starts(with: heard) },
                "nothing that the server has not sealed, got \(heard.count) bytes")
        }
        let figures = group.snapshot()
        try expect(figures[.connections] == 0, "no connection left, got \(figures[.connections])")
        client.shutdown(grace: .seconds(1))
        try network.runToRest()
        network.stop()
        return outline("\(ledger.successes) \(min(ledger.heard.count, 1)) \(ledger.complaint)")
    }

    private static func configuration(_ keepsSessions: Bool) throws -> TCPClient.Configuration {
        var tls = TLSClientConfiguration()
        tls.trust = .roots(.bytes(Array(FuzzCertificate.certificate.utf8)))
        tls.serverName = "localhost"
        if !keepsSessions { tls.sessionsMax = 0 }
        var configuration = TCPClient.Configuration()
        configuration.security = try .tls(tls)
        configuration.connection.idleTimeout = .seconds(60)
        return configuration
    }
}
#endif
