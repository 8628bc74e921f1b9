import ZCProto

/// Tells browsers what is traded: frames of 29-byte trades, the next when the browser has said that it has
/// shown the last.
///
/// That word is what makes a slow browser known to be slow; what the kernel has taken says little, as it
/// takes megabytes. A browser that lags behind is told less, not later.
struct Dashboard: WebSocketHandler {
    struct State {
        var place = Board.Place()
        /// Whether the browser has shown what it was sent.
        var isReady = true
    }

    static let interval = Duration.milliseconds(20)

    let board: Board

    func makeState() -> State { State() }

    mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        peer.schedule(after: Self.interval, tag: 1)
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<State>) {
        guard message.isText, message.count == 5 else {
            return peer.close(.unsupportedData, reason: "expected the text 'ready'")
        }
        peer.state.isReady = true
    }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>) {
        peer.schedule(after: Self.interval, tag: 1)
        guard peer.state.isReady else { return }
        let news = board.news(since: &peer.state.place)
        if news.isEmpty { return }
        let frame = Trade.encoded(news)
        peer.send(binary: frame.span.bytes)
        peer.state.isReady = false
    }
}
