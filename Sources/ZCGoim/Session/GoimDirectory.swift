import ZCNet

/// Where sessions are found by others: under their keys, and in rooms. The hub, as sessions see it.
///
/// **Threads.** Any; a room is entered and left on the connection's loop.
protocol GoimDirectory: AnyObject, Sendable {
    /// Enters a connection under its key; answers the one that had it.
    func register(_ handle: GoimHandle) -> GoimHandle?
    /// Takes a connection out, unless its key has become another's.
    func unregister(_ handle: GoimHandle)
    /// A room's part of one loop, made if need be; called on that loop, which adds a member to it then.
    func room(
        _ name: String, on loop: EventLoop, figures: GoimFigures, queues: QueueMemory
    ) -> any GoimMembership
    /// What waits to be merged on one loop's account, counted anew.
    func mergingBytes(of queues: QueueMemory) -> Int
}

/// The room that a connection is in, as its session sees it. The loop's thread only.
protocol GoimMembership: AnyObject {
    /// The room's name.
    var name: String { get }
    /// How many are in the room, on all loops.
    var online: Int { get }
    /// Takes a connection in.
    func add(_ conversation: GoimConversation)
    /// Lets a connection go.
    func remove(_ conversation: GoimConversation)
}

/// Who waits for a client's connection to be let in. Told once, on the connection's loop.
protocol GoimWaiting: AnyObject, Sendable {
    /// The server has let the client in.
    func succeed(_ remote: GoimRemote)
    /// The connection has ended before that.
    func end(_ reason: GoimCloseReason)
}
