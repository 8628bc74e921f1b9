/// What makes a mistyped callback of a ``ConnectionHandler`` an error. A method whose connection is of
/// another type than the protocol's is a method of its own: the default stays in its place, and it is never
/// called.
///
/// Each callback stands here once more, with a connection of whatever state a handler's method of that name
/// has. Where that is not the handler's own `State`, the only answer to the requirement beside it is
/// unavailable, and the compiler says why. Nobody calls any of these.
///
/// Why a type for each callback: one for all could be inferred only where all of a handler's agree. Why upon
/// ``_HandlerState``: what each may be is then one type or two, and the compiler need not try them together.
public protocol _ConnectionHandlerMistakes: _HandlerState, ~Copyable {
    /// The state that the handler's `onOpen` has.
    associatedtype _OnOpen = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnOpenError: Error = Never
    /// There where it is the handler's own.
    static var _onOpen: Void { get }
    /// An `onOpen` of any state.
    mutating func onOpen(_ peer: inout Connection<_OnOpen>) throws(_OnOpenError)

    /// The state that the handler's `onWritable` has.
    associatedtype _OnWritable = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnWritableError: Error = Never
    /// There where it is the handler's own.
    static var _onWritable: Void { get }
    /// An `onWritable` of any state.
    mutating func onWritable(_ peer: inout Connection<_OnWritable>) throws(_OnWritableError)

    /// The state that the handler's `onPeerEnded` has.
    associatedtype _OnPeerEnded = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnPeerEndedError: Error = Never
    /// There where it is the handler's own.
    static var _onPeerEnded: Void { get }
    /// An `onPeerEnded` of any state.
    mutating func onPeerEnded(_ peer: inout Connection<_OnPeerEnded>) throws(_OnPeerEndedError)

    /// The state that the handler's `onTimer` has.
    associatedtype _OnTimer = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnTimerError: Error = Never
    /// There where it is the handler's own.
    static var _onTimer: Void { get }
    /// An `onTimer` of any state.
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<_OnTimer>)
        throws(_OnTimerError)

    /// The state that the handler's `onClose` has.
    associatedtype _OnClose = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnCloseError: Error = Never
    /// There where it is the handler's own.
    static var _onClose: Void { get }
    /// An `onClose` of any state.
    mutating func onClose(_ peer: inout Connection<_OnClose>, _ reason: CloseReason) throws(_OnCloseError)
}

extension _ConnectionHandlerMistakes where Self: ~Copyable {
    /// What the compiler finds where `onOpen` is mistyped.
    @available(*, unavailable, message: "`onOpen` takes `inout Connection<State>`; no throws")
    public static var _onOpen: Void { () }
    /// What the compiler finds where `onWritable` is mistyped.
    @available(*, unavailable, message: "`onWritable` takes `inout Connection<State>`; no throws")
    public static var _onWritable: Void { () }
    /// What the compiler finds where `onPeerEnded` is mistyped.
    @available(*, unavailable, message: "`onPeerEnded` takes `inout Connection<State>`; no throws")
    public static var _onPeerEnded: Void { () }
    /// What the compiler finds where `onTimer` is mistyped.
    @available(*, unavailable, message: "`onTimer` takes `inout Connection<State>`; no throws")
    public static var _onTimer: Void { () }
    /// What the compiler finds where `onClose` is mistyped.
    @available(*, unavailable, message: "`onClose` takes `inout Connection<State>`; no throws")
    public static var _onClose: Void { () }
}

extension _ConnectionHandlerMistakes where Self: ~Copyable, _OnOpen == State, _OnOpenError == Never {
    /// The handler's `onOpen` is the protocol's.
    public static var _onOpen: Void { () }
}

extension _ConnectionHandlerMistakes where Self: ~Copyable, _OnWritable == State, _OnWritableError == Never {
    /// The handler's `onWritable` is the protocol's.
    public static var _onWritable: Void { () }
}

extension _ConnectionHandlerMistakes
where Self: ~Copyable, _OnPeerEnded == State, _OnPeerEndedError == Never {
    /// The handler's `onPeerEnded` is the protocol's.
    public static var _onPeerEnded: Void { () }
}

extension _ConnectionHandlerMistakes where Self: ~Copyable, _OnTimer == State, _OnTimerError == Never {
    /// The handler's `onTimer` is the protocol's.
    public static var _onTimer: Void { () }
}

extension _ConnectionHandlerMistakes where Self: ~Copyable, _OnClose == State, _OnCloseError == Never {
    /// The handler's `onClose` is the protocol's.
    public static var _onClose: Void { () }
}
