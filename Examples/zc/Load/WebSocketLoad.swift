import ZCNetWebSocket

/// Load over WebSocket, where a message is a message.
struct WebSocketLoad: WebSocketHandler {
    private let gauge: Gauge

    init(_ plan: Plan) { gauge = Gauge(plan) }

    func makeState() -> Pace { gauge.plan.takePace() }

    mutating func onOpen(_ peer: inout WebSocketConnection<Pace>, _ upgrade: WebSocketUpgrade) {
        goOn(&peer)
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Pace>) {
        if message.count != gauge.plan.options.payloadBytes || message.isText != gauge.plan.options.isText {
            gauge.differed()
        }
        gauge.came(&peer.state, at: Pace.now)
        if !peer.state.isByTheClock { send(&peer) }
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<Pace>) {
        goOn(&peer)
    }

    mutating func onWritable(_ peer: inout WebSocketConnection<Pace>) { send(&peer) }

    mutating func onClose(_ peer: inout WebSocketConnection<Pace>, _ reason: WebSocketCloseReason) {
        gauge.lost()
    }

    private func goOn(_ peer: inout WebSocketConnection<Pace>) {
        send(&peer)
        if peer.state.isByTheClock { peer.schedule(after: peer.state.delay(at: Pace.now), tag: 1) }
    }

    private func send(_ peer: inout WebSocketConnection<Pace>) {
        let (isText, payload) = (gauge.plan.options.isText, gauge.plan.payload)
        peer.withState { pace, peer in
            gauge.pump(&pace) {
                (isText ? peer.send(utf8: payload.bytes) : peer.send(binary: payload.bytes)).isAccepted
            }
        }
    }
}
