public import ZCNet

/// A goim connection as other threads see it.
///
/// Everything goes through the loop's mailbox, in order; a burst wakes the loop once. Once the connection is
/// over, what is posted is dropped. The handle keeps neither the connection nor its buffers alive.
public struct GoimRemote: Hashable, Sendable {
    let handle: GoimHandle

    /// Names the connection, also after it is gone.
    public var id: ConnectionID { handle.id }

    /// Has the loop send a message. `onResult` runs on the loop; not at all when the connection is over.
    @discardableResult
    public func send(
        _ message: GoimMessage, onResult: (@Sendable (SendResult) -> Void)? = nil
    ) -> EventLoop.PostResult {
        handle.perform { conversation in
            let result = conversation.send(message.header, message.body.bytes)
            onResult?(result)
        }
    }

    /// Has the loop send a message, in the place of a waiting one of the same key where the overflow policy
    /// is `conflate`.
    ///
    /// - Precondition: `key != 0`.
    @discardableResult
    public func send(_ message: GoimMessage, conflatingKey key: UInt64) -> EventLoop.PostResult {
        precondition(key != 0, "key 0 means none")
        return handle.perform { conversation in
            _ = conversation.send(message.header, message.body.bytes, key: key)
        }
    }

    /// Has the connection go to a room, or with nil to none.
    @discardableResult
    public func enter(_ room: String?) -> EventLoop.PostResult { handle.perform { $0.enter(room) } }

    /// Ends the connection in good order; never refused for a full mailbox.
    public func close() { handle.perform(isControl: true) { $0.close(.local) } }

    /// The same connection of the same process.
    public static func == (left: GoimRemote, right: GoimRemote) -> Bool { left.handle === right.handle }

    /// Hashes the connection's id.
    public func hash(into hasher: inout Hasher) { hasher.combine(handle.id) }
}

/// What belongs to one connection from the moment it authenticates: who it is, and how to find it.
///
/// **Threads.** `id` and `loop` never change and may be read anywhere; everything else is the loop's, but for
/// `key` and `mid`, which are set before the handle is handed to any other thread.
///
/// **Ownership.** Others may keep a handle for as long as they like: it keeps neither the connection nor its
/// buffers alive. `conversation` is nil as soon as the connection is over.
///
/// SAFETY: `Sendable` is unchecked because of that division.
@usableFromInline
package final class GoimHandle: @unchecked Sendable {
    let id: ConnectionID
    let loop: EventLoop
    /// Names the connection; empty before it is authenticated, and in clients that let the server choose.
    var key = ""
    var mid: Int64 = 0
    /// The way to the connection. Loop only.
    var conversation: GoimConversation?
    /// The room it is in, on this loop. Loop only.
    var room: (any GoimMembership)?
    /// The operations that may be pushed to it. Loop only.
    var accepts = GoimSubscriptions()
    /// Nothing heard for so long ends the connection. Loop only.
    var heartbeatTimeout: Duration = .zero
    /// How far the peer had come with blocked output when it was last looked at in place of heartbeats. Loop
    /// only.
    var outputMark = OutputMark()
    /// What the application has decided elsewhere. Loop only.
    var verdict: GoimVerdict?
    /// The op 7 that it is about. Loop only.
    var request = GoimHeader(.authenticate)
    /// Why this side ends the connection. Loop only.
    var cause: GoimCloseReason.Cause?
    /// What ended the connection underneath. Loop only.
    var transportCause: GoimCloseReason.Cause?
    /// The loop's end of the ring, with a consumer elsewhere. Loop only.
    var ring: GoimRing?
    /// Who waits for this connection, a client's, to be let in. Loop only.
    var waiting: (any GoimWaiting)?

    init(_ conversation: GoimConversation) {
        id = conversation.base.slot[].id
        loop = conversation.base.loop
        self.conversation = conversation
    }

    /// Whether an operation may be pushed. O(log n), n bounded by the options.
    func accepts(_ operation: GoimOperation) -> Bool { accepts.contains(operation.rawValue) }

    /// Runs work on the connection's loop; dropped once the connection is over.
    @discardableResult
    func perform(
        isControl: Bool = false, _ work: @escaping @Sendable (GoimConversation) -> Void
    ) -> EventLoop.PostResult {
        loop.enqueue(isControl: isControl) { [self] in
            if let conversation { work(conversation) }
        }
    }
}

/// A verdict to come, for applications that must ask elsewhere.
///
/// ```swift
/// let promise = peer.promise
/// let token = request.copy()
/// Task { promise.answer(await directory.check(token)) }
/// return .later
/// ```
/// Any thread, once; later answers and answers to a connection that is over are dropped.
public struct GoimPromise: Sendable {
    let handle: GoimHandle

    /// Lets the connection in, or not. `later` is no answer, and changes nothing.
    @discardableResult
    public func answer(_ verdict: GoimVerdict) -> EventLoop.PostResult {
        if case .later = verdict { return .posted }
        return handle.perform(isControl: true) { $0.decide(verdict) }
    }
}
