public import ZCNet
public import ZCNetWebSocket

/// A goim connection, lent to a callback of its loop, over TCP or WebSocket alike.
///
/// The handle cannot be stored, captured by a `Task` or used on another thread: the compiler refuses. What
/// may be kept is its ``id``, and its ``remote`` handle, which any thread may send through.
///
/// **Threads.** The loop's own, within the callback. **Cost.** A few words; no reference counting.
@safe @frozen
public struct GoimConnection<State>: ~Copyable, ~Escapable {
    @usableFromInline package let conversation: GoimConversation
    // SAFETY: the place is initialised before the first callback and deinitialised after the last.
    @usableFromInline let place: LoopOwned<GoimState<State>>

    @_lifetime(borrow connection)
    @inlinable @inline(__always)
    init(_ connection: borrowing Connection<GoimState<State>>, _ core: GoimCore) {
        place = connection.statePlace
        conversation = GoimConversation(
            base: connection.base, session: place.beginning(with: GoimSession.self), core: core,
            webSocket: nil)
    }

    @_lifetime(borrow connection)
    @inlinable @inline(__always)
    init(_ connection: borrowing WebSocketConnection<GoimState<State>>, _ core: GoimCore) {
        place = WebSocketState.user(at: connection.place)
        conversation = GoimConversation(
            base: connection.conversation.base, session: place.beginning(with: GoimSession.self),
            core: core, webSocket: connection.conversation)
    }
}

/// A goim connection whose handler keeps no state for it.
public typealias GoimPeer = GoimConnection<Void>

extension GoimConnection {
    /// The same connection without its handler's state.
    @_lifetime(borrow connection)
    @inlinable
    init<Other>(withoutStateOf connection: borrowing GoimConnection<Other>) where State == Void {
        // Both kinds of state begin with the session, and a value without size lies anywhere.
        place = connection.place.beginning(with: GoimState<Void>.self)
        conversation = connection.conversation
    }

    /// What the handler keeps for this connection, in place.
    ///
    /// Changing it takes the connection exclusively, so that the compiler refuses whoever would reach the
    /// same state twice at once; ``withState(_:)`` is for sending meanwhile.
    @inlinable
    public var state: State {
        _read { yield place[].user }
        _modify {
            // Why a copy: see `Connection.state`.
            let place = place
            yield &place[].user
        }
    }

    /// Lends the state together with the connection, for work that sends while it changes the state.
    ///
    /// What the closure gets is the same connection without its state; the one outside cannot be used within.
    @inlinable
    public mutating func withState<Result: ~Copyable, Failure: Error>(
        _ body: (inout State, borrowing GoimPeer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let rest = GoimPeer(withoutStateOf: self)
        let place = place
        return try body(&place[].user, rest)
    }

    // MARK: Who

    /// Names the connection, also after it is gone.
    @inlinable
    public var id: ConnectionID { conversation.base.slot[].id }

    /// Who the client is, as it was authenticated; 0 before.
    public var mid: Int64 { conversation.session[].handle?.mid ?? 0 }

    /// Names the connection to the application; empty before it has authenticated.
    public var key: String { conversation.session[].handle?.key ?? "" }

    /// Where the client hears pushes to a room; nil while it is in none.
    public var room: String? { conversation.session[].handle?.room?.name }

    /// How many are in its room, on all loops; 0 without one.
    public var online: Int { conversation.session[].handle?.room?.online ?? 0 }

    /// The operations that may be pushed to it, in order.
    public var accepts: [GoimOperation] {
        (conversation.session[].handle?.accepts.operations ?? []).map { GoimOperation(rawValue: $0) }
    }

    /// Whether it comes over WebSocket.
    public var isWebSocket: Bool { conversation.webSocket != nil }

    /// The header that it speaks.
    public var format: GoimHeaderFormat { conversation.format }

    /// The address that the peer has connected from.
    public var remoteAddress: SocketAddress { conversation.remoteAddress }

    /// Bytes that wait because the kernel has not taken them.
    @inlinable
    public var queuedBytes: Int { Int(conversation.base.slot[].queuedBytes) }

    /// A handle for other threads and for later.
    public var remote: GoimRemote { GoimRemote(handle: conversation.makeHandle()) }

    /// Within `authenticate`: what tells the verdict later.
    public var promise: GoimPromise { GoimPromise(handle: conversation.makeHandle()) }

    // MARK: Sending

    /// Sends a proto; the body is copied, or in the kernel, when the callback ends.
    @discardableResult
    @inlinable
    public func send(_ header: GoimHeader, _ body: RawSpan) -> SendResult {
        conversation.send(header, body)
    }

    /// Sends a proto with text.
    @discardableResult
    public func send(_ header: GoimHeader, _ text: String = "") -> SendResult {
        var text = text
        return text.withBytes { conversation.send(header, $0) }
    }

    /// Sends a message to the peer.
    @discardableResult
    public func send(_ message: GoimMessage) -> SendResult {
        conversation.send(message.header, message.body.bytes)
    }

    /// Sends a message, in the place of a waiting one of the same key where the overflow policy is
    /// `conflate`: a slow reader gets the latest of each key. Batches (operation 9) are never replaced.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(_ message: GoimMessage, conflatingKey key: UInt64) -> SendResult {
        conversation.send(message.header, message.body.bytes, key: key)
    }

    /// Answers the message at hand: same sequence and operation, a body of the handler's own. Nothing else is
    /// answered then.
    @discardableResult
    @inlinable
    public func reply(to proto: borrowing GoimProto, _ body: RawSpan) -> SendResult {
        withholdReply()
        return send(proto.header, body)
    }

    /// Answers the message at hand with text.
    @discardableResult
    public func reply(to proto: borrowing GoimProto, _ text: String) -> SendResult {
        withholdReply()
        return send(proto.header, text)
    }

    /// The message at hand is not answered by the library.
    @inlinable
    public func withholdReply() { conversation.session[].flags.insert(.replied) }

    // MARK: Rooms and subscriptions

    /// Goes to a room, or with nil to none. O(1).
    public func enter(_ room: String?) { conversation.enter(room) }

    /// Lets operations be pushed to the connection; false when that were more than the options allow.
    @discardableResult
    public func subscribe(_ operations: [GoimOperation]) -> Bool {
        conversation.subscribe(operations.map(\.rawValue), adds: true)
    }

    /// No longer lets operations be pushed to the connection.
    public func unsubscribe(_ operations: [GoimOperation]) {
        _ = conversation.subscribe(operations.map(\.rawValue), adds: false)
    }

    // MARK: Receiving and time

    /// Stops receiving, with the message at hand.
    public func pauseReading() { conversation.base.pauseReading() }

    /// Receives again, unless a consumer's ring is full: then its space is waited for.
    public func resumeReading() { conversation.resumeReading() }

    /// Calls `onTimer` with `tag` after `delay`, unless the connection ends before. O(1), no allocation.
    ///
    /// - Precondition: the tag is below 190.
    @discardableResult
    public func schedule(after delay: Duration, tag: ConnectionTimerTag) -> TimerID {
        precondition(tag.rawValue < ConnectionTimerTag.sessionBegin, "tags of 190 and more serve the library")
        return conversation.base.schedule(after: delay, tag: tag)
    }

    /// Cancels a timer; one that is due or gone is left alone.
    public func cancel(_ timer: TimerID) { conversation.base.cancel(timer) }

    // MARK: Ending

    /// Ends the connection in good order; `onClose` follows.
    public func close() { conversation.close(.local) }

    /// Ends the connection in good order, and tells a WebSocket client why.
    public func refuse(_ reason: String) { conversation.close(.refused(reason)) }
}

extension GoimConversation {
    var remoteAddress: SocketAddress { base.slot[].peer.socketAddress }
}
