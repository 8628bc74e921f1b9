import ZCNet
import ZCNetTesting
import ZCNetWebSocket

/// A whole server in a simulated network, with clients that send whatever the input says: each connection
/// opens and closes once, nothing is left, and what a client hears is what the protocol says; all of it where
/// the network works, the beginning of it where it does not.
struct SimulationTarget: FuzzTarget {
    let name = "simulation"
    let bytesMax = 6000

    private static let request = """
        GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n
        """

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let maker = FrameMaker(payloadBytesMax: random.oneIn(5) ? 2500 : 150)
        var bytes = maker.stream(&random)
        // RSV1, which is right where compression was agreed on.
        if random.oneIn(3), !bytes.isEmpty { bytes[0] |= 0x40 }
        return Array(bytes.prefix(bytesMax))
    }

    /// Counts what a handler is told. The simulation has one thread.
    private final class Ledger: @unchecked Sendable {
        var opens = 0
        var closes = 0
        var errors = 0
    }

    private struct EchoHandler: WebSocketHandler {
        let ledger: Ledger

        mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
            ledger.opens += 1
        }
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            peer.send(message)
        }
        mutating func onError(_ error: WebSocketError, from peer: inout WebSocketPeer) {
            ledger.errors += 1
        }
        mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            ledger.closes += 1
        }
    }

    func check(_ input: [UInt8]) throws -> String {
        var random = FuzzRandom(of: input)
        let isNasty = random.oneIn(2)
        let isCompressed = random.oneIn(3)
        let network = SimulatedNetwork(
            seed: random.next(), faults: isNasty ? .nasty : .none,
            sending: random.pick([.direct, .inFlight]),
            traceMax: 10)
        let ledger = Ledger()
        let group = try network.makeGroup(loops: 1 + random.below(2))
        var configuration = WebSocketServer.Configuration()
        configuration.options.pingInterval = nil
        configuration.options.messageBytesMax = 4000
        if isCompressed { configuration.options.deflate = DeflateOptions() }
        let server = try WebSocketServer(on: "127.0.0.1:9001", configuration: configuration, group: group) {
            EchoHandler(ledger: ledger)
        }
        network.start(group)
        let peers = (0..<(1 + random.below(3))).map { _ in
            converse(network, server, input, isCompressed: isCompressed, &random)
        }
        try network.runToRest()
        try expect(ledger.opens == ledger.closes, "a close per open: \(ledger.opens), got \(ledger.closes)")
        try expect(server.connectionCount == 0, "no connection left, got \(server.connectionCount)")
        var naive = NaiveSession()
        naive.messageBytesMax = 4000
        naive.frameBytesMax = 4000
        let expected = answer(to: naive.events(of: input))
        for peer in peers {
            try checkAnswer(peer, isCompressed ? nil : expected, isNasty: isNasty)
        }
        server.shutdown(grace: .seconds(1))
        try network.runToRest()
        network.stop()
        return
            "\(isNasty) \(isCompressed) \(min(ledger.opens, 1)) \(min(ledger.errors, 1))"
            + " \(min(expected.count, 3))"
    }

    /// The handshake and the input, in pieces at different times, and the end.
    private func converse(
        _ network: SimulatedNetwork, _ server: WebSocketServer, _ input: [UInt8], isCompressed: Bool,
        _ random: inout FuzzRandom
    ) -> SimulatedPeer {
        let peer = network.connect(to: server.address)
        let offer = isCompressed ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : ""
        let bytes = Array((Self.request + offer + "\r\n").utf8) + input
        var start = 0
        for cut in random.cuts(of: bytes.count).prefix(40) {
            peer.send(bytes[start..<cut])
            start = cut
            if random.oneIn(3) { try? network.run(for: .microseconds(1 + random.below(3000))) }
        }
        peer.send(bytes[start...])
        peer.finish()
        return peer
    }

    /// What an echo answers to what came.
    private func answer(to events: [NaiveSession.Event]) -> [NaiveSession.Event] {
        events.compactMap { event in
            switch event {
            case .text, .binary: event
            case .ping(let payload): .pong(payload)
            case .close(let payload): .close(closeAnswer(payload))
            case .failed(let code): .failed(code)
            case .pong, .fragment: nil
            }
        }
    }

    /// The code that came, or the one that says what was wrong with it; the reason is the server's own.
    private func closeAnswer(_ payload: [UInt8]) -> [UInt8] {
        if payload.isEmpty { return [] }
        let code = payload.count < 2 ? 0 : Int(payload[0]) << 8 | Int(payload[1])
        let isSendable =
            (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code)
        if !isSendable { return [3, 0xEA] }
        let reason = Array(payload.dropFirst(2))
        let verdict = NaiveUTF8.verdict(reason)
        return verdict.isComplete && verdict.validBytes == reason.count
            ? Array(payload.prefix(2)) : [3, 0xEF]
    }

    private func checkAnswer(_ peer: SimulatedPeer, _ expected: [NaiveSession.Event]?, isNasty: Bool) throws {
        let received = peer.received
        guard let end = Self.end(ofHeadIn: received) else {
            return try expect(isNasty, "an answer to the handshake, got \(received.count) bytes")
        }
        try expect(
            received.starts(with: Array("HTTP/1.1 101 ".utf8)),
            "101 for a handshake in order, got \(String(decoding: received, as: UTF8.self))")
        var client = NaiveSession()
        client.isClient = true
        let frames = Array(received[end...])
        // What an echo of compressed messages answers would take the decoder; that it comes is enough.
        let events = client.events(of: frames).map(Self.shown)
        guard let expected = expected?.map(Self.shown) else { return }
        if isNasty {
            try expect(expected.starts(with: events), "the beginning of \(expected), got \(events)")
        } else {
            try expect(events == expected, "\(expected), got \(events)")
        }
    }

    /// A close frame by its code alone, whether the rule was broken here or there.
    private static func shown(_ event: NaiveSession.Event) -> NaiveSession.Event {
        switch event {
        case .failed(let code): .close([UInt8(code >> 8), UInt8(code & 255)])
        case .close(let payload): .close(Array(payload.prefix(2)))
        default: event
        }
    }

    private static func end(ofHeadIn bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[($0 - 4)..<$0] == [13, 10, 13, 10] }
    }
}
