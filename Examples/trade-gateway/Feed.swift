import ZCProto

/// The simulated market: a client that sends frames of trades to the gateway, so many in a second.
struct Feed: WebSocketHandler {
    /// Frames in a second.
    static let framesPerSecond = 100
    /// A feed whose gateway does not keep up waits: what is not sent is not yet traded.
    static let queuedBytesMax = 256 << 10

    private let arguments: GatewayArguments
    private var market = Market()

    init(_ arguments: GatewayArguments) { self.arguments = arguments }

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) { arm(peer) }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketPeer) {
        var count = max(arguments.rate / Self.framesPerSecond, 1)
        if arguments.trades > 0 { count = min(count, arguments.trades - market.count) }
        if count > 0 && peer.queuedBytes < Self.queuedBytesMax {
            let frame = Trade.encoded((0..<count).map { _ in market.next() })
            peer.send(binary: frame.span.bytes)
        }
        if count > 0 { arm(peer) }
    }

    private func arm(_ peer: borrowing WebSocketPeer) {
        peer.schedule(after: .seconds(1) / Self.framesPerSecond, tag: 1)
    }
}
