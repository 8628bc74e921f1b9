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
