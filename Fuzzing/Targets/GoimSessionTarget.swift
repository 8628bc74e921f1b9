import ZCNet
import ZCNetTesting
import ZCProto

/// A goim server in a simulated network, with clients that send whatever the input says, over TCP: each
/// connection is made and closed once, nobody stays in a room or under a key, and what a client hears is what
/// a naive session says; the beginning of it where the network is nasty.
struct GoimSessionTarget: FuzzTarget {
    let name = "goim-session"
    let bytesMax = 4096
    private static let bodyBytesMax = 300

    var words: [[UInt8]] {
        [2, 3, 4, 7, 8, 9, 12, 14, 16, 17, 1000].map { Self.proto($0, []) }
            + [
                Self.proto(7, Array("{}".utf8)),
                Self.proto(7, Array("{\"room_id\":\"live://1\",\"key\":\"k\"}".utf8)),
                Self.proto(12, Array("live://2".utf8)), Self.proto(14, Array("1000, 1001".utf8)),
            ]
    }

    private static func proto(_ operation: Int32, _ body: [UInt8]) -> [UInt8] {
        let message = GoimMessage(
            GoimHeader(GoimOperation(rawValue: operation), sequence: 5), body: SharedBytes(copying: body))
        let encoded = message.encoded(.plain)
        return unsafe encoded.bytes.withUnsafeBytes { unsafe Array($0) }
    }

    /// A byte for the network, then the stream.
    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes: [UInt8] = [random.byte()]
        if !random.oneIn(6) {
            let tokens = [
                "{}", "{\"key\":\"k\",\"room_id\":\"live://1\"}", "{\"accepts\":[1000,-1]}", "{", "[]",
            ]
            bytes += Self.proto(7, Array(random.pick(tokens).utf8))
        }
        for _ in 0..<random.below(8) {
            let operation = random.pick([2, 3, 4, 4, 7, 8, 9, 12, 12, 13, 14, 16, 1000, -1] as [Int32])
            let texts = ["", "live://1", "live://2", "1000, 1001", "1000;", "9999999999"]
            let body = random.oneIn(3) ? random.bytes(random.below(310)) : Array(random.pick(texts).utf8)
            bytes += Self.proto(operation, body)
        }
        if random.oneIn(5) { bytes += random.bytes(random.below(20)) }
        return bytes
    }

    /// Counts what a handler is told. The simulation has one thread.
    private final class Ledger: @unchecked Sendable {
        var made = 0
        var opens = 0
        var closes = 0
    }

    private struct EchoHandler: GoimHandler {
        let ledger: Ledger

        mutating func makeState() { ledger.made += 1 }
        mutating func onOpen(_ peer: inout GoimPeer) { ledger.opens += 1 }
        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            peer.reply(to: proto, proto.bytes)
        }
        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) { ledger.closes += 1 }
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let flags = input.first else { return "empty" }
        var random = FuzzRandom(of: input)
        let stream = Array(input.dropFirst())
        let isNasty = flags & 1 != 0
        let network = SimulatedNetwork(
            seed: random.next(), faults: isNasty ? .nasty : .none,
            sending: flags & 2 != 0 ? .direct : .inFlight, traceMax: 10)
        let ledger = Ledger()
        let group = try network.makeGroup()
        var configuration = GoimServer.Configuration()
        configuration.goim.limits.bodyBytesMax = Self.bodyBytesMax
        let server = try GoimServer(tcp: "127.0.0.1:9001", configuration: configuration, group: group) {
            EchoHandler(ledger: ledger)
        }
        network.start(group)
        guard let address = server.tcpAddress else { throw Broken("an address") }
        // One after the other, so that each is alone in its room.
        var session = NaiveGoimSession(bodyBytesMax: Self.bodyBytesMax)
        session.take(stream)
        for cuts in [[], random.cuts(of: stream.count)] {
            let peer = network.connect(to: address)
            var start = 0
            for cut in cuts.prefix(40) {
                peer.send(stream[start..<cut])
                start = cut
                if random.oneIn(3) { try network.run(for: .microseconds(1 + random.below(3000))) }
            }
            peer.send(stream[start...])
            peer.finish()
            try network.runToRest()
            try checkAnswers(peer.received, session, isNasty: isNasty)
        }
        try expect(ledger.made == ledger.closes, "a close per open: \(ledger.made), got \(ledger.closes)")
        try expect(server.connectionCount == 0, "no connection left, got \(server.connectionCount)")
        try expect(server.hub.remote(forKey: "k") == nil, "nobody under a key")
        server.shutdown(grace: .seconds(1))
        try network.runToRest()
        network.stop()
        return "\(isNasty) \(min(ledger.opens, 1)) \(session.outline)"
    }

    private func checkAnswers(
        _ bytes: [UInt8], _ session: NaiveGoimSession, isNasty: Bool
    ) throws {
        let answers = NaiveGoim.stream(bytes, bodyBytesMax: Self.bodyBytesMax)
        let expected = session.answers
        if isNasty || !session.isExact {
            let (few, many) = (min(answers.count, expected.count), expected.count)
            let isPrefix = answers.prefix(few) == expected.prefix(few)
            try expect(isPrefix && (few == answers.count || !session.isExact), "\(expected), got \(answers)")
            try expect(isNasty || few == many, "\(many) answers at least, got \(answers)")
        } else {
            try expect(answers == expected, "\(expected), got \(answers)")
        }
    }
}
