import ZCNet
import ZCNetTesting
import ZCProto

/// Frames of messages to a gateway in a simulated network, one behind the other in a conversation: what
/// stands before a fault is delivered and what stands behind it is not, the fault is told once and where it
/// is, and the conversation goes on or ends as the policy says; as a naive reader works out.
struct GatewayTarget: FuzzTarget {
    let name = "gateway"
    let bytesMax = 2048

    var words: [[UInt8]] {
        [
            [21, 0, 1, 0, 1, 0, 0, 0], [21, 0, 1, 0, 1, 0, 4, 0], [29, 0], [58, 0], [29, 128], [255, 255],
        ]
    }

    /// A byte for the options; then frames, each behind two bytes of its length and whether it is text.
    func make(_ random: inout FuzzRandom) -> [UInt8] {
        var bytes = [random.byte()]
        for _ in 0..<random.below(6) {
            var frame: [UInt8] = []
            for _ in 0..<random.below(4) {
                let extra = random.oneIn(4) ? random.below(6) : 0
                frame += [UInt8(21 + extra), 0, 1, 0, 1, 0, UInt8(random.oneIn(6) ? random.below(6) : 0), 0]
                frame += random.bytes(21 + extra)
            }
            if random.oneIn(6) { frame += random.bytes(random.below(29)) }
            bytes += [UInt8(frame.count & 255), UInt8(frame.count >> 8 | (random.oneIn(12) ? 128 : 0))]
            bytes += frame
        }
        return bytes
    }

    private enum Event: Equatable {
        case message([UInt8])
        case fault(at: Int)
    }

    /// What a handler is told. The simulation has one thread.
    private final class Ledger: @unchecked Sendable {
        var opens = 0
        var closes = 0
        var events: [Event] = []
    }

    private struct Handler: SBEMessageHandler {
        typealias Schema = TradeSchema
        let ledger: Ledger

        static func declare(_ routes: inout SBERoutes<Self>) {
            routes.on(Trade.self) { handler, trade, _ in
                let value = Trade.Value(trade)
                handler.ledger.events.append(.message(Array(Trade.encoded([value]).dropFirst(8))))
            }
        }

        mutating func onConnect(_ peer: inout WebSocketPeer) { ledger.opens += 1 }
        mutating func onDisconnect(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            ledger.closes += 1
        }
        mutating func onError(_ error: GatewayError, from peer: inout WebSocketPeer) {
            ledger.events.append(.fault(at: error.offset))
        }
    }

    func check(_ input: [UInt8]) throws -> String {
        guard let flags = input.first else { return "empty" }
        var random = FuzzRandom(of: input)
        let frames = Self.frames(input.dropFirst())
        let network = SimulatedNetwork(seed: random.next(), faults: .none, traceMax: 10)
        let ledger = Ledger()
        let group = try network.makeGroup()
        var configuration = SBEServer.Configuration()
        configuration.webSocket.options.pingInterval = nil
        configuration.gateway.faultPolicy = flags & 1 != 0 ? .skip : .close
        configuration.gateway.versions = flags & 2 != 0 ? 0...3 : 0...Int.max
        let server = try SBEServer(on: "127.0.0.1:9001", configuration: configuration, group: group) {
            Handler(ledger: ledger)
        }
        network.start(group)
        let client = SimulatedWebSocket(network, to: server.address)
        for frame in frames {
            client.send(frame: frame.isText ? 0x81 : 0x82, frame.bytes)
            if random.oneIn(3) { try network.run(for: .microseconds(1 + random.below(2000))) }
        }
        client.sendClose()
        try network.runToRest()
        let expected = Self.expected(frames, versions: configuration.gateway.versions, skips: flags & 1 != 0)
        try expect(ledger.events == expected, "\(expected), got \(ledger.events)")
        try expect(ledger.opens == 1 && ledger.closes == 1, "an open and a close, got \(ledger.opens)")
        let delivered = expected.count { if case .message = $0 { true } else { false } }
        let counts = server.counts
        try expect(counts.messages == delivered, "\(delivered) counted, got \(counts)")
        server.shutdown(grace: .seconds(1))
        try network.runToRest()
        network.stop()
        return "\(flags & 3) \(min(frames.count, 3)) \(min(delivered, 4)) \(expected.count - delivered)"
    }

    private struct Frame {
        var isText: Bool
        var bytes: [UInt8]
    }

    private static func frames(_ input: ArraySlice<UInt8>) -> [Frame] {
        var (rest, frames) = (input, [Frame]())
        while rest.count >= 2, frames.count < 50 {
            let (low, high) = (Int(rest.removeFirst()), Int(rest.removeFirst()))
            let bytes = Array(rest.prefix(low | (high & 127) << 8))
            rest = rest.dropFirst(bytes.count)
            // What is no text at all is refused one layer below.
            let isText = high & 128 != 0 && NaiveUTF8.verdict(bytes) == (bytes.count, true)
            frames.append(Frame(isText: isText, bytes: bytes))
        }
        return frames
    }

    private static func expected(_ frames: [Frame], versions: ClosedRange<Int>, skips: Bool) -> [Event] {
        var events: [Event] = []
        for frame in frames {
            if frame.isText { return events + [.fault(at: 0)] }
            var place = 0
            repeat {
                guard let length = length(Array(frame.bytes[place...]), versions) else {
                    events.append(.fault(at: place))
                    if !skips { return events }
                    break
                }
                events.append(.message(Array(frame.bytes[place + 8..<place + 29])))
                place += length
            } while place < frame.bytes.count
        }
        return events
    }

    /// How long the message at the start is; nil where there is no whole one that is wanted.
    private static func length(_ bytes: [UInt8], _ versions: ClosedRange<Int>) -> Int? {
        guard bytes.count >= 8, Array(bytes[2..<6]) == [1, 0, 1, 0] else { return nil }
        let block = Int(bytes[0]) | Int(bytes[1]) << 8
        let version = Int(bytes[6]) | Int(bytes[7]) << 8
        return block >= 21 && bytes.count >= 8 + block && versions.contains(version) ? 8 + block : nil
    }
}
