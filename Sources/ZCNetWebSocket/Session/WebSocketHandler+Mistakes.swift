public import ZCNet

/// What makes a mistyped callback of a ``WebSocketHandler`` an error. A method whose connection is of another
/// type than the protocol's is a method of its own: the default stays in its place, and it is never called.
///
/// Each callback stands here once more, with a connection of whatever state a handler's method of that name
/// has. Where that is not the handler's own `State`, the only answer to the requirement beside it is
/// unavailable, and the compiler says why. Nobody calls any of these.
///
/// Why a type for each callback: one for all could be inferred only where all of a handler's agree. Why upon
/// ``_HandlerState``: what each may be is then one type or two, and the compiler need not try them together.
public protocol _WebSocketHandlerMistakes: _HandlerState, ~Copyable {
    /// The state that the handler's `onOpen` has beside an upgrade.
    associatedtype _OnOpen = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnOpenError: Error = Never
    /// There where it is the handler's own.
    static var _onOpen: Void { get }
    /// An `onOpen` of any state.
    mutating func onOpen(_ peer: inout WebSocketConnection<_OnOpen>, _ upgrade: WebSocketUpgrade)
        throws(_OnOpenError)

    /// The state that the handler's `onOpen` has without an upgrade.
    associatedtype _OnOpenAlone = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnOpenAloneError: Error = Never
    /// There where it is the handler's own.
    static var _onOpenAlone: Void { get }
    /// An `onOpen` of any state.
    mutating func onOpen(_ peer: inout WebSocketConnection<_OnOpenAlone>) throws(_OnOpenAloneError)

    /// The state that the handler's `onFragment` has.
    associatedtype _OnFragment = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnFragmentError: Error = Never
    /// There where it is the handler's own.
    static var _onFragment: Void { get }
    /// An `onFragment` of any state.
    mutating func onFragment(
        _ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<_OnFragment>)
        throws(_OnFragmentError)

    /// The state that the handler's `onPing` has.
    associatedtype _OnPing = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnPingError: Error = Never
    /// There where it is the handler's own.
    static var _onPing: Void { get }
    /// An `onPing` of any state.
    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketConnection<_OnPing>)
        throws(_OnPingError)

    /// The state that the handler's `onPong` has.
    associatedtype _OnPong = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnPongError: Error = Never
    /// There where it is the handler's own.
    static var _onPong: Void { get }
    /// An `onPong` of any state.
    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<_OnPong>)
        throws(_OnPongError)

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

    /// The state that the handler's `onError` has.
    associatedtype _OnError = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnErrorError: Error = Never
    /// There where it is the handler's own.
    static var _onError: Void { get }
    /// An `onError` of any state.
    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<_OnError>)
        throws(_OnErrorError)

    /// The state that the handler's `onClose` has.
    associatedtype _OnClose = State
    /// What it throws; it is to throw nothing.
    associatedtype _OnCloseError: Error = Never
    /// There where it is the handler's own.
    static var _onClose: Void { get }
    /// An `onClose` of any state.
    mutating func onClose(_ peer: inout WebSocketConnection<_OnClose>, _ reason: WebSocketCloseReason)
        throws(_OnCloseError)
}

extension _WebSocketHandlerMistakes where Self: ~Copyable {
    /// What the compiler finds where `onOpen` is mistyped.
    @available(*, unavailable, message: "`onOpen` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onOpen: Void { () }
    /// What the compiler finds where `onOpen` is mistyped.
    @available(*, unavailable, message: "`onOpen` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onOpenAlone: Void { () }
    /// What the compiler finds where `onFragment` is mistyped.
    @available(*, unavailable, message: "`onFragment` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onFragment: Void { () }
    /// What the compiler finds where `onPing` is mistyped.
    @available(*, unavailable, message: "`onPing` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onPing: Void { () }
    /// What the compiler finds where `onPong` is mistyped.
    @available(*, unavailable, message: "`onPong` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onPong: Void { () }
    /// What the compiler finds where `onWritable` is mistyped.
    @available(*, unavailable, message: "`onWritable` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onWritable: Void { () }
    /// What the compiler finds where `onTimer` is mistyped.
    @available(*, unavailable, message: "`onTimer` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onTimer: Void { () }
    /// What the compiler finds where `onError` is mistyped.
    @available(*, unavailable, message: "`onError` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onError: Void { () }
    /// What the compiler finds where `onClose` is mistyped.
    @available(*, unavailable, message: "`onClose` takes `inout WebSocketConnection<State>`; no throws")
    public static var _onClose: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnOpen == State, _OnOpenError == Never {
    /// The handler's `onOpen` is the protocol's.
    public static var _onOpen: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnOpenAlone == State, _OnOpenAloneError == Never {
    /// The handler's `onOpen` is the protocol's.
    public static var _onOpenAlone: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnFragment == State, _OnFragmentError == Never {
    /// The handler's `onFragment` is the protocol's.
    public static var _onFragment: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnPing == State, _OnPingError == Never {
    /// The handler's `onPing` is the protocol's.
    public static var _onPing: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnPong == State, _OnPongError == Never {
    /// The handler's `onPong` is the protocol's.
    public static var _onPong: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnWritable == State, _OnWritableError == Never {
    /// The handler's `onWritable` is the protocol's.
    public static var _onWritable: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnTimer == State, _OnTimerError == Never {
    /// The handler's `onTimer` is the protocol's.
    public static var _onTimer: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnError == State, _OnErrorError == Never {
    /// The handler's `onError` is the protocol's.
    public static var _onError: Void { () }
}

extension _WebSocketHandlerMistakes where Self: ~Copyable, _OnClose == State, _OnCloseError == Never {
    /// The handler's `onClose` is the protocol's.
    public static var _onClose: Void { () }
}
