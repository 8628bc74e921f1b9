/// A connection as other threads see it: its id and the way to its loop.
///
/// Everything goes through the loop's mailbox, in order; a burst wakes the loop once. Once the connection is
/// over, what is posted is dropped. The handle keeps neither the connection nor its memory alive.
///
/// ```swift
/// let remote = peer.remote
/// Task.detached { remote.send(SharedBytes("done\n")) }
/// ```
public struct RemoteConnection: Hashable, Sendable {
    /// The connection's id.
    public let id: ConnectionID
    private let siblings: SiblingHosts

    init(id: ConnectionID, siblings: SiblingHosts) {
        self.id = id
        self.siblings = siblings
    }

    /// Has the loop send bytes. Any thread. What the connection's limits make of them is known on the loop
    /// only, so `onResult`, which runs there, is told.
    @discardableResult
    public func send(
        _ bytes: SharedBytes, onResult: (@Sendable (SendResult) -> Void)? = nil
    ) -> EventLoop.PostResult {
        let id = id
        return siblings.post(to: id) { host in
            let result = host.find(id).map { host.send($0, bytes, key: 0) } ?? .closed
            onResult?(result)
        }
    }

    /// As `send`, replacing waiting bytes of the same key where the policy is `conflate`.
    @discardableResult
    public func send(_ bytes: SharedBytes, conflatingKey key: UInt64) -> EventLoop.PostResult {
        precondition(key != 0, "key 0 means none")
        let id = id
        return siblings.post(to: id) { host in
            if let slot = host.find(id) { _ = host.send(slot, bytes, key: key) }
        }
    }

    /// Runs work of a protocol layer on the connection's loop, with the address of its state; dropped once
    /// the connection is over.
    @discardableResult
    package func perform(
        isControl: Bool = false,
        _ work: @escaping @Sendable (ConnectionBase, StatePlace) -> Void
    ) -> EventLoop.PostResult {
        let id = id
        return siblings.post(to: id, isControl: isControl) { host in
            guard let slot = host.find(id) else { return }
            host.withState(slot, work)
        }
    }

    /// Ends the connection in good order. Any thread; never refused for a full mailbox.
    public func close(_ cause: CloseCause = .local) {
        let id = id
        siblings.post(to: id, isControl: true) { host in
            if let slot = host.find(id) { host.leave(slot, CloseReason(cause)) }
        }
    }

    /// Resumes reading that a handler paused. Any thread: what a consumer elsewhere calls when it has caught
    /// up.
    public func resumeReading() {
        let id = id
        siblings.post(to: id, isControl: true) { host in
            if let slot = host.find(id) { host.resumeReading(slot) }
        }
    }

    /// The same connection of the same process.
    public static func == (left: RemoteConnection, right: RemoteConnection) -> Bool {
        left.id == right.id
    }

    /// Hashes the id.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension RemoteConnection {
    /// Has the loop send text. Any thread.
    @discardableResult
    public func send(_ text: String) -> EventLoop.PostResult { send(SharedBytes(text.utf8)) }
}
