public import ZCNet
public import ZCNetWebSocket

/// What makes a mistyped callback of a ``GatewayHandler`` an error, as of a `ConnectionHandler`, whose
/// `_ConnectionHandlerMistakes` says how. Nobody calls any of these.
public protocol _GatewayHandlerMistakes: _HandlerState, ~Copyable {
    /// The state that the handler's `onConnect` has.
    associatedtype _OnConnectAlone = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnConnectAloneError: Error = Never
    /// There where it is the handler's own.
    static var _onConnectAlone: Void { get }
    /// An `onConnect` of any state.
    mutating func onConnect(_ peer: inout WebSocketConnection<_OnConnectAlone>) throws(_OnConnectAloneError)

    /// The state that the handler's `onConnect` has.
    associatedtype _OnConnect = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnConnectError: Error = Never
    /// There where it is the handler's own.
    static var _onConnect: Void { get }
    /// An `onConnect` of any state.
    mutating func onConnect(_ peer: inout WebSocketConnection<_OnConnect>, _ upgrade: WebSocketUpgrade)
        throws(_OnConnectError)

    /// The state that the handler's `onDisconnect` has.
    associatedtype _OnDisconnect = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnDisconnectError: Error = Never
    /// There where it is the handler's own.
    static var _onDisconnect: Void { get }
    /// An `onDisconnect` of any state.
    mutating func onDisconnect(
        _ peer: inout WebSocketConnection<_OnDisconnect>, _ reason: WebSocketCloseReason)
        throws(_OnDisconnectError)

    /// The state that the handler's `onError` has.
    associatedtype _OnError = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnErrorError: Error = Never
    /// There where it is the handler's own.
    static var _onError: Void { get }
    /// An `onError` of any state.
    mutating func onError(_ error: GatewayError, from peer: inout WebSocketConnection<_OnError>)
        throws(_OnErrorError)

    /// The state that the handler's `onWritable` has.
    associatedtype _OnWritable = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnWritableError: Error = Never
    /// There where it is the handler's own.
    static var _onWritable: Void { get }
    /// An `onWritable` of any state.
    mutating func onWritable(_ peer: inout WebSocketConnection<_OnWritable>) throws(_OnWritableError)

    /// The state that the handler's `onTimer` has.
    associatedtype _OnTimer = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnTimerError: Error = Never
    /// There where it is the handler's own.
    static var _onTimer: Void { get }
    /// An `onTimer` of any state.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<_OnTimer>)
        throws(_OnTimerError)
}

extension _GatewayHandlerMistakes where Self: ~Copyable {
    /// What the compiler finds where `onConnect` is mistyped.
    @available(*, unavailable, message: "`onConnect` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onConnectAlone: Void { () }
    /// What the compiler finds where `onConnect` is mistyped.
    @available(*, unavailable, message: "`onConnect` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onConnect: Void { () }
    /// What the compiler finds where `onDisconnect` is mistyped.
    @available(*, unavailable, message: "`onDisconnect` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onDisconnect: Void { () }
    /// What the compiler finds where `onError` is mistyped.
    @available(*, unavailable, message: "`onError` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onError: Void { () }
    /// What the compiler finds where `onWritable` is mistyped.
    @available(*, unavailable, message: "`onWritable` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onWritable: Void { () }
    /// What the compiler finds where `onTimer` is mistyped.
    @available(*, unavailable, message: "`onTimer` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onTimer: Void { () }
}

extension _GatewayHandlerMistakes
where Self: ~Copyable, _OnConnectAlone == State, _OnConnectAloneError == Never {
    /// The handler's `onConnect` is the protocol's.
    public static var _onConnectAlone: Void { () }
}

extension _GatewayHandlerMistakes where Self: ~Copyable, _OnConnect == State, _OnConnectError == Never {
    /// The handler's `onConnect` is the protocol's.
    public static var _onConnect: Void { () }
}

extension _GatewayHandlerMistakes where Self: ~Copyable, _OnDisconnect == State, _OnDisconnectError == Never {
    /// The handler's `onDisconnect` is the protocol's.
    public static var _onDisconnect: Void { () }
}

extension _GatewayHandlerMistakes where Self: ~Copyable, _OnError == State, _OnErrorError == Never {
    /// The handler's `onError` is the protocol's.
    public static var _onError: Void { () }
}

extension _GatewayHandlerMistakes where Self: ~Copyable, _OnWritable == State, _OnWritableError == Never {
    /// The handler's `onWritable` is the protocol's.
    public static var _onWritable: Void { () }
}

extension _GatewayHandlerMistakes where Self: ~Copyable, _OnTimer == State, _OnTimerError == Never {
    /// The handler's `onTimer` is the protocol's.
    public static var _onTimer: Void { () }
}
