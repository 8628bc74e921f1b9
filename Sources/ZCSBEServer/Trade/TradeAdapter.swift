public import ZCNet
public import ZCNetWebSocket

/// Stands between a WebSocket connection and a handler of trades. Inlined into the application, so that the
/// handler is called directly.
@usableFromInline
struct TradeAdapter<Handler: TradeMessageHandler & ~Copyable>: WebSocketHandler, ~Copyable {
    @usableFromInline typealias State = Handler.State

    @usableFromInline var handler: Handler
    @usableFromInline let processor: TradeMessageProcessor
    @usableFromInline let policy: GatewayOptions.FaultPolicy
    @usableFromInline let figures: GatewayFigures.Block

    @inlinable
    init(_ handler: consuming Handler, _ options: GatewayOptions, _ figures: GatewayFigures) {
        self.handler = handler
        processor = TradeMessageProcessor(options)
        policy = options.faultPolicy
        self.figures = figures.makeBlock()
    }

    @inlinable
    mutating func makeState() -> State { handler.makeState() }

    @inlinable
    mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        handler.onConnect(&peer, upgrade)
    }

    @inlinable @inline(__always)
    mutating func onMessage(
        _ message: borrowing WebSocketMessage, from peer: inout WebSocketConnection<State>
    ) {
        if message.isText { return refuse(GatewayError(textOf: message.count), isText: true, &peer) }
        do {
            figures.didDeliver(try processor.process(message.bytes, to: &handler, from: &peer))
        } catch {
            refuse(error, isText: false, &peer)
        }
    }

    /// Tells the handler, and does as the policy says.
    @inlinable @inline(never)
    mutating func refuse(
        _ error: GatewayError, isText: Bool, _ peer: inout WebSocketConnection<State>
    ) {
        figures.didFail()
        handler.onError(error, from: &peer)
        error.apply(policy, isText: isText, to: peer)
    }

    @inlinable
    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<State>) {
        handler.onError(GatewayError(error), from: &peer)
    }

    @inlinable
    mutating func onClose(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason) {
        handler.onDisconnect(&peer, reason)
    }

    @inlinable
    mutating func onWritable(_ peer: inout WebSocketConnection<State>) { handler.onWritable(&peer) }

    @inlinable
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<State>) {
        handler.onTimer(tag, of: &peer)
    }

    @inlinable
    mutating func onStart(_ loop: borrowing LoopContext) { handler.onStart(loop) }

    @inlinable
    mutating func onStop(_ loop: borrowing LoopContext) { handler.onStop(loop) }
}
