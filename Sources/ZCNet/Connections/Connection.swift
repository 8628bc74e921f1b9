/// A connection, lent to a callback of its loop.
///
/// The handle cannot be stored, captured by a `Task` or used on another thread: the compiler refuses. What
/// may be kept is its `id`, and its `remote` handle, which any thread may send through.
///
/// **Threads.** The loop's own, within the callback. **Cost.** Two words and the state's address; no
/// reference counting.
@safe @frozen
public struct Connection<State>: ~Copyable, ~Escapable {
    @usableFromInline package let base: ConnectionBase
    // SAFETY: the place is initialised before the first callback and deinitialised after the last.
    @usableFromInline package let statePlace: LoopOwned<State>

    @_lifetime(immortal)
    @inlinable
    package init(base: ConnectionBase, state: LoopOwned<State>) {
        self.base = base
        statePlace = state
    }
}

/// A connection whose handler keeps no state for it.
public typealias Peer = Connection<Void>

extension Connection {
    /// The connection again, for a protocol layer that comes back to it later on its loop.
    ///
    /// - Precondition: `place` is that of a state of this type.
    @_lifetime(immortal)
    package init(base: ConnectionBase, _ place: StatePlace) {
        self.init(base: base, state: place.beginning(with: State.self))
    }

    /// What the handler keeps for this connection, in place.
    ///
    /// Changing it takes the connection exclusively, so that the compiler refuses whoever would reach the
    /// same state twice at once; ``withState(_:)`` is for sending meanwhile.
    @inlinable
    public var state: State {
        // Why coroutines: an addressor of a noncopyable type makes the compiler box the handle on the heap.
        _read { yield statePlace[] }
        _modify {
            // Why a copy: under the thread sanitizer the compiler takes an access through what `self` holds
            // for an escape of `self`.
            let place = statePlace
            yield &place[]
        }
    }

    /// Lends the state together with the connection, for work that sends while it changes the state.
    ///
    /// ```swift
    /// peer.withState { session, peer in
    ///     session.drain { line in peer.send(line) }
    /// }
    /// ```
    /// What the closure gets is the same connection without its state; the one outside cannot be used within.
    @inlinable
    public mutating func withState<Result: ~Copyable, Failure: Error>(
        _ body: (inout State, borrowing Peer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let rest = Peer(base: base, state: StateStore<Void>.anywhere)
        let place = statePlace
        return try body(&place[], rest)
    }

    // MARK: Who

    /// Names the connection, also after it is gone.
    @inlinable
    public var id: ConnectionID { base.slot[].id }

    /// The peer's address as it was accepted; for a Unix domain socket a path, empty for a nameless peer.
    public var remoteAddress: SocketAddress { base.slot[].peer.socketAddress }

    /// The address on this side, or nil once the kernel no longer says. A system call.
    public var localAddress: SocketAddress? { base.localAddress }

    /// What secures the connection, or nil for one in the clear.
    public var security: NegotiatedSecurity? { base.negotiated }

    /// A handle for other threads and for later.
    public var remote: RemoteConnection { base.remote }

    /// The loop that serves the connection, lent like the connection itself.
    public var loop: LoopContext {
        @_lifetime(copy self)
        get {
            LoopContext(of: self)
        }
    }

    /// Bytes received so far.
    @inlinable
    public var bytesIn: UInt64 { base.slot[].bytesIn }

    /// Bytes that the kernel has taken so far.
    @inlinable
    public var bytesOut: UInt64 { base.slot[].bytesOut }

    /// Bytes that wait because the kernel has not taken them.
    @inlinable
    public var queuedBytes: Int { Int(base.slot[].queuedBytes) }

    // MARK: Sending

    /// Sends bytes; they are copied, or in the kernel, when this returns.
    ///
    /// What one callback sends leaves in one system call at its end. O(n).
    @discardableResult
    public func send(_ bytes: RawSpan) -> SendResult {
        base.send(bytes)
    }

    /// Sends what was just received. Large pieces go to the kernel from where they are, without a copy.
    @discardableResult
    public func send(_ data: borrowing ReceivedChunk) -> SendResult { send(data.bytes) }

    /// Sends bytes; they are copied, or in the kernel, when this returns.
    @discardableResult
    public func send(_ bytes: Span<UInt8>) -> SendResult {
        send(bytes.rawBytes)
    }

    /// Sends bytes; they are copied, or in the kernel, when this returns.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> SendResult {
        send(bytes.span)
    }

    /// Sends any collection of bytes, which are copied to an array first: for those that are large and sent
    /// often, `Span` and `RawSpan` cost less.
    @discardableResult
    public func send(_ bytes: some Collection<UInt8>) -> SendResult {
        send(Array(bytes))
    }

    /// Sends shared bytes; pieces worth it are queued by reference where the kernel does not take them at
    /// once.
    @discardableResult
    public func send(_ bytes: SharedBytes) -> SendResult {
        base.send(bytes, key: 0)
    }

    /// Sends text as UTF-8.
    @discardableResult
    public func send(_ text: String) -> SendResult {
        var text = text
        return text.withBytes { base.send($0) }
    }

    /// Sends shared bytes, in the place of waiting ones of the same key if the policy is `conflate`.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(_ bytes: SharedBytes, conflatingKey key: UInt64) -> SendResult {
        precondition(key != 0, "key 0 means none")
        return base.send(bytes, key: key)
    }

    /// Sends a range of an open file, or all of it, without a visit to user space.
    ///
    /// The descriptor is duplicated: the caller may close its own when this returns. For a pipe the range
    /// counts the bytes that are in it now. The file must not shrink until the bytes are out; if it does, the
    /// connection closes with the cause `io`.
    @discardableResult
    public func send(
        file descriptor: Int32, range: Range<Int64>? = nil
    ) throws(SystemError) -> SendResult {
        let file = try FileTransfer(Descriptor(rawValue: descriptor), range: range)
        return base.send(file)
    }

    // MARK: Receiving

    /// Leaves the last `count` bytes of the data just lent unread: they come again, in front of what follows.
    ///
    /// More than `unreadBytesMax` closes the connection with a protocol error. Only within `onData`.
    public func leaveUnread(_ count: Int) { base.leaveUnread(count) }

    /// Stops receiving; what the peer sends waits in the kernel, and then at the peer.
    public func pauseReading() { base.pauseReading() }

    /// Receives again what `pauseReading` kept back.
    public func resumeReading() { base.resumeReading() }

    // MARK: Limits and time

    /// Replaces the policy for output beyond the limit, and the limit itself where given.
    public func setOverflowPolicy(_ policy: OverflowPolicy, outboundBytesMax: Int? = nil) {
        base.slot[].policy = policy
        if let outboundBytesMax { base.slot[].outboundBytesMax = UInt32(clamping: outboundBytesMax) }
    }

    /// Calls `onTimer` with `tag` after `delay`, unless the connection ends before. O(1), no allocation.
    @discardableResult
    public func schedule(after delay: Duration, tag: ConnectionTimerTag) -> TimerID {
        base.schedule(after: delay, tag: tag)
    }

    /// Cancels a timer; one that is due or gone is left alone.
    public func cancel(_ timer: TimerID) { base.cancel(timer) }

    // MARK: Ending

    /// Ends the connection in good order: output drains, the peer sees the end, then `onClose` comes with
    /// `local`.
    public func close() { close(.local) }

    /// Ends the connection in good order with a cause of the application's choice.
    public func close(_ cause: CloseCause) {
        base.end(CloseReason(cause), isAbortive: false)
    }

    /// Ends the sending direction once output has drained; receiving goes on until the peer ends too.
    public func finishSending() { base.finishSending() }

    /// Ends the connection at once: waiting output is dropped and the peer sees a reset.
    public func abort() { base.end(CloseReason(.local), isAbortive: true) }
}

/// What became of bytes given to a connection.
@frozen
public enum SendResult: Hashable, Sendable {
    /// On their way with this turn's write, or already in the kernel.
    case sent
    /// Accepted; they wait in the connection's output, behind what the kernel has not taken yet.
    case queued
    /// Not accepted: the connection's output is at its limit, or the loop's memory is. `onWritable` comes
    /// when trying again makes sense, unless the connection ends before; under the policy `dropNewest` the
    /// bytes were dropped and counted.
    case full
    /// Not accepted, and never will be: more at once than the connection may have waiting
    /// (`outboundBytesMax`), or than its loop may hold at all. No `onWritable` comes for that: send it in
    /// parts, or raise the limit.
    case tooLarge
    /// Not accepted: the connection is closing or closed.
    case closed

    /// Whether the connection took the bytes.
    @inlinable
    public var isAccepted: Bool { self == .sent || self == .queued }
}
