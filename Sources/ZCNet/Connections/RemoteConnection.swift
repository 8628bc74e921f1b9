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
    /// The connection's number: loop, place and generation.
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

    /// Equal handles name the same connection.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension RemoteConnection {
    /// Has the loop send text. Any thread.
    @discardableResult
    public func send(_ text: String) -> EventLoop.PostResult { send(SharedBytes(text.utf8)) }

    /// Has the loop send bytes, which are copied first. Any thread.
    @discardableResult
    public func send(_ bytes: some Collection<UInt8>) -> EventLoop.PostResult {
        send(SharedBytes(copying: bytes))
    }
}

/// Names one connection of one process, whichever group of loops serves it, also after it is gone.
///
/// An id may be kept, sent to other threads and used as a key. When its slot serves another connection, that
/// one has another id, and whatever is sent to the old one, or to a connection of another group, is answered
/// with `closed`. Ids repeat after billions of connections of one loop: each of its slots counts 2^25 of
/// them, and one that was given back rests until at least 127 others were used.
@frozen
public struct ConnectionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 25 bits of generation, 16 bits of the loop's number in the process, 22 bits of slot.
    public let rawValue: UInt64

    /// Wraps a number that came from `rawValue`.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(generation: UInt32, loop: Int, slot: UInt32) {
        self.init(rawValue: UInt64(generation) << 38 | UInt64(loop) << 22 | UInt64(slot))
    }

    /// The most connections of a loop that an id can tell apart, and the last generation.
    static let slotsMax = 1 << 22
    static let generationMax: UInt32 = 0x1FF_FFFF
    /// The bits that hold the loop's number.
    static let loopMask: UInt64 = 0xFFFF << 22

    /// The number, in the process, of the loop that owns the connection; see `EventLoop.owns(_:)`.
    package var loopNumber: Int { Int(rawValue >> 22 & 0xFFFF) }

    @inlinable
    var slot: Int { Int(truncatingIfNeeded: rawValue & 0x3F_FFFF) }

    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 38) }

    var token: Token { Token(rawValue: rawValue) }

    init(_ token: Token) { self.init(rawValue: token.rawValue) }

    /// The loop's number in the process, slot and generation, such as `2/17#4`.
    public var description: String { "\(loopNumber)/\(slot)#\(generation)" }
}
