public import ZCNet

/// What makes a mistyped callback that servers' and clients' handlers share an error, as of a
/// `ConnectionHandler`, whose `_ConnectionHandlerMistakes` says how. Nobody calls any of these.
public protocol _GoimMistakes: _HandlerState, ~Copyable {
    /// The state that the handler's `onOpen` has.
    associatedtype _OnOpen = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnOpenError: Error = Never
    /// There where it is the handler's own.
    static var _onOpen: Void { get }
    /// An `onOpen` of any state.
    mutating func onOpen(_ peer: inout GoimConnection<_OnOpen>) throws(_OnOpenError)

    /// The state that the handler's `onWritable` has.
    associatedtype _OnWritable = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnWritableError: Error = Never
    /// There where it is the handler's own.
    static var _onWritable: Void { get }
    /// An `onWritable` of any state.
    mutating func onWritable(_ peer: inout GoimConnection<_OnWritable>) throws(_OnWritableError)

    /// The state that the handler's `onTimer` has.
    associatedtype _OnTimer = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnTimerError: Error = Never
    /// There where it is the handler's own.
    static var _onTimer: Void { get }
    /// An `onTimer` of any state.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<_OnTimer>)
        throws(_OnTimerError)

    /// The state that the handler's `onClose` has.
    associatedtype _OnClose = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnCloseError: Error = Never
    /// There where it is the handler's own.
    static var _onClose: Void { get }
    /// An `onClose` of any state.
    mutating func onClose(_ peer: inout GoimConnection<_OnClose>, _ reason: GoimCloseReason)
        throws(_OnCloseError)
}

extension _GoimMistakes where Self: ~Copyable {
    /// What the compiler finds where `onOpen` is mistyped.
    @available(*, unavailable, message: "`onOpen` takes `inout GoimConnection<State>`; no throws")
    public static var _onOpen: Void { () }
    /// What the compiler finds where `onWritable` is mistyped.
    @available(*, unavailable, message: "`onWritable` takes `inout GoimConnection<State>`; no throws")
    public static var _onWritable: Void { () }
    /// What the compiler finds where `onTimer` is mistyped.
    @available(*, unavailable, message: "`onTimer` takes `inout GoimConnection<State>`; no throws")
    public static var _onTimer: Void { () }
    /// What the compiler finds where `onClose` is mistyped.
    @available(*, unavailable, message: "`onClose` takes `inout GoimConnection<State>`; no throws")
    public static var _onClose: Void { () }
}

extension _GoimMistakes where Self: ~Copyable, _OnOpen == State, _OnOpenError == Never {
    /// The handler's `onOpen` is the protocol's.
    public static var _onOpen: Void { () }
}

extension _GoimMistakes where Self: ~Copyable, _OnWritable == State, _OnWritableError == Never {
    /// The handler's `onWritable` is the protocol's.
    public static var _onWritable: Void { () }
}

extension _GoimMistakes where Self: ~Copyable, _OnTimer == State, _OnTimerError == Never {
    /// The handler's `onTimer` is the protocol's.
    public static var _onTimer: Void { () }
}

extension _GoimMistakes where Self: ~Copyable, _OnClose == State, _OnCloseError == Never {
    /// The handler's `onClose` is the protocol's.
    public static var _onClose: Void { () }
}

/// What makes a mistyped callback of a ``GoimHandler`` an error, as of a `ConnectionHandler`, whose
/// `_ConnectionHandlerMistakes` says how. Nobody calls any of these.
public protocol _GoimHandlerMistakes: _GoimMistakes, ~Copyable {
    /// The state that the handler's `authenticate` has.
    associatedtype _Authenticate = State
    /// What it throws; it is to throw nothing.
    associatedtype _AuthenticateError: Error = Never
    /// There where it is the handler's own.
    static var _authenticate: Void { get }
    /// An `authenticate` of any state.
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<_Authenticate>
    ) throws(_AuthenticateError) -> GoimVerdict

    /// The state that the handler's `onMessage` has.
    associatedtype _OnMessage = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnMessageError: Error = Never
    /// There where it is the handler's own.
    static var _onMessage: Void { get }
    /// An `onMessage` of any state.
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<_OnMessage>)
        throws(_OnMessageError)

    /// The state that the handler's `onConsumer` has.
    associatedtype _OnConsumer = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnConsumerError: Error = Never
    /// There where it is the handler's own.
    static var _onConsumer: Void { get }
    /// An `onConsumer` of any state.
    mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimConnection<_OnConsumer>)
        throws(_OnConsumerError)

    /// The state that the handler's `mayEnter` has.
    associatedtype _MayEnter = State
    /// What it throws; it is to throw nothing.
    associatedtype _MayEnterError: Error = Never
    /// There where it is the handler's own.
    static var _mayEnter: Void { get }
    /// A `mayEnter` of any state.
    mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<_MayEnter>) throws(_MayEnterError)
        -> Bool
}

extension _GoimHandlerMistakes where Self: ~Copyable {
    /// What the compiler finds where `authenticate` is mistyped.
    @available(*, unavailable, message: "`authenticate` takes `inout GoimConnection<State>`; no throws")
    public static var _authenticate: Void { () }
    /// What the compiler finds where `onMessage` is mistyped.
    @available(*, unavailable, message: "`onMessage` takes `inout GoimConnection<State>`; no throws")
    public static var _onMessage: Void { () }
    /// What the compiler finds where `onConsumer` is mistyped.
    @available(*, unavailable, message: "`onConsumer` takes `inout GoimConnection<State>`; no throws")
    public static var _onConsumer: Void { () }
    /// What the compiler finds where `mayEnter` is mistyped.
    @available(*, unavailable, message: "`mayEnter` takes `inout GoimConnection<State>`; no throws")
    public static var _mayEnter: Void { () }
}

extension _GoimHandlerMistakes where Self: ~Copyable, _Authenticate == State, _AuthenticateError == Never {
    /// The handler's `authenticate` is the protocol's.
    public static var _authenticate: Void { () }
}

extension _GoimHandlerMistakes where Self: ~Copyable, _OnMessage == State, _OnMessageError == Never {
    /// The handler's `onMessage` is the protocol's.
    public static var _onMessage: Void { () }
}

extension _GoimHandlerMistakes where Self: ~Copyable, _OnConsumer == State, _OnConsumerError == Never {
    /// The handler's `onConsumer` is the protocol's.
    public static var _onConsumer: Void { () }
}

extension _GoimHandlerMistakes where Self: ~Copyable, _MayEnter == State, _MayEnterError == Never {
    /// The handler's `mayEnter` is the protocol's.
    public static var _mayEnter: Void { () }
}

/// What makes a mistyped callback of a ``GoimClientHandler`` an error, as of a `ConnectionHandler`, whose
/// `_ConnectionHandlerMistakes` says how. Nobody calls any of these.
public protocol _GoimClientHandlerMistakes: _GoimMistakes, ~Copyable {
    /// The state that the handler's `onHeartbeat` has.
    associatedtype _OnHeartbeat = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnHeartbeatError: Error = Never
    /// There where it is the handler's own.
    static var _onHeartbeat: Void { get }
    /// An `onHeartbeat` of any state.
    mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<_OnHeartbeat>)
        throws(_OnHeartbeatError)
}

extension _GoimClientHandlerMistakes where Self: ~Copyable {
    /// What the compiler finds where `onHeartbeat` is mistyped.
    @available(*, unavailable, message: "`onHeartbeat` takes `inout GoimConnection<State>`; no throws")
    public static var _onHeartbeat: Void { () }
}

extension _GoimClientHandlerMistakes
where Self: ~Copyable, _OnHeartbeat == State, _OnHeartbeatError == Never {
    /// The handler's `onHeartbeat` is the protocol's.
    public static var _onHeartbeat: Void { () }
}
