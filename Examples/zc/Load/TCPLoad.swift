import ZCNet

/// Load over bare TCP, where a message is so many bytes of the stream.
struct TCPLoad: ConnectionHandler {
    struct State {
        var pace: Pace
        /// Bytes of the message that is coming back.
        var came = 0
    }

    private let gauge: Gauge

    init(_ plan: Plan) { gauge = Gauge(plan) }

    func makeState() -> State { State(pace: gauge.plan.takePace()) }

    mutating func onOpen(_ peer: inout Connection<State>) { goOn(&peer) }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>) {
        let now = Pace.now
        let bytes = gauge.plan.options.payloadBytes
        // A byte of each reception is looked at: the stream repeats itself.
        let payload = gauge.plan.payload
        let isRight = data.span[0] == payload.span[peer.state.came]
        if !isRight { gauge.differed() }
        peer.state.came += data.count
        while peer.state.came >= bytes {
            peer.state.came -= bytes
            gauge.came(&peer.state.pace, at: now)
        }
        if !peer.state.pace.isByTheClock { send(&peer) }
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>) { goOn(&peer) }

    mutating func onWritable(_ peer: inout Connection<State>) { send(&peer) }

    mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason) { gauge.lost() }

    /// Sends, and comes back when the next message is due.
    private func goOn(_ peer: inout Connection<State>) {
        send(&peer)
        if peer.state.pace.isByTheClock { peer.schedule(after: peer.state.pace.delay(at: Pace.now), tag: 1) }
    }

    private func send(_ peer: inout Connection<State>) {
        let payload = gauge.plan.payload
        peer.withState { state, peer in
            gauge.pump(&state.pace) { peer.send(payload.bytes).isAccepted }
        }
    }
}
