/// Sees every callback with its duration, for profiling a handler in place.
///
/// Off unless configured, and then the price is a test of a constant per received chunk. On, it reads the
/// clock twice per callback and fills the histogram of callback times. Called on the loop's thread; several
/// loops may call the same tracer at a time.
public protocol Tracer: Sendable {
    /// A callback of a handler has returned.
    func callbackRan(_ id: ConnectionID, _ kind: CallbackKind, bytes: Int, took: Duration)
}

/// What a handler was called for.
public enum CallbackKind: String, Hashable, Sendable, CaseIterable {
    /// `onData`.
    case data
    /// `onOpen`.
    case open
    /// `onWritable`.
    case writable
    /// `onPeerEnded`.
    case peerEnded
    /// `onTimer`.
    case timer
    /// `onClose`.
    case close
}
