/// The state that a handler keeps for each connection, by itself. Handlers conform to what stands on it, such
/// as ``ConnectionHandler``.
///
/// Why apart: the compiler finds a handler's `State` here by `makeState` alone. What stands on this, the
/// checks for mistyped callbacks among them, knows it then. Looked for among all callbacks at once, each
/// combination of the types that they might have would be tried, which takes minutes.
public protocol _HandlerState: ~Copyable {
    /// What the handler keeps for each connection.
    associatedtype State = Void

    /// Makes the state of a new connection, before any callback.
    mutating func makeState() -> State
}

extension _HandlerState where Self: ~Copyable, State == Void {
    /// A handler without a state of each connection makes none.
    public mutating func makeState() {}
}

/// The state of no connection: what a callback that borrows its connection has, where a handler has none of
/// the kind. See ``_ConnectionHandlerBorrowing``.
public enum _NoConnection {}
