/// What a proto is for: the `op` field of its header.
///
/// The named ones are goim's own; every other number is the application's.
/// ```swift
/// let quote = GoimOperation(rawValue: 1000)
/// ```
@frozen
public struct GoimOperation: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int32

    /// Any number.
    @inlinable
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// 2: a client is alive. Answered with ``heartbeatReply``.
    @inlinable public static var heartbeat: GoimOperation { GoimOperation(rawValue: 2) }
    /// 3: the answer to a heartbeat, with the number of people online in the room.
    @inlinable public static var heartbeatReply: GoimOperation { GoimOperation(rawValue: 3) }
    /// 4: a message for the application. The answer has the same operation and no body.
    @inlinable public static var sendMessage: GoimOperation { GoimOperation(rawValue: 4) }
    /// 5: goim's name for an answer to ``sendMessage``, which its comet does not use.
    @inlinable public static var sendMessageReply: GoimOperation { GoimOperation(rawValue: 5) }
    /// 7: who a client is. Comes first, and once.
    @inlinable public static var authenticate: GoimOperation { GoimOperation(rawValue: 7) }
    /// 8: the client is let in.
    @inlinable public static var authenticateReply: GoimOperation { GoimOperation(rawValue: 8) }
    /// 9: the body is one or more whole protos.
    @inlinable public static var raw: GoimOperation { GoimOperation(rawValue: 9) }
    /// 12: go to the room that the body names, or to none.
    @inlinable public static var changeRoom: GoimOperation { GoimOperation(rawValue: 12) }
    /// 13: the answer, with the same body.
    @inlinable public static var changeRoomReply: GoimOperation { GoimOperation(rawValue: 13) }
    /// 14: also send operations such as `1000,1001`.
    @inlinable public static var subscribe: GoimOperation { GoimOperation(rawValue: 14) }
    /// 15: the answer, with the same body.
    @inlinable public static var subscribeReply: GoimOperation { GoimOperation(rawValue: 15) }
    /// 16: no longer send operations such as `1000,1001`.
    @inlinable public static var unsubscribe: GoimOperation { GoimOperation(rawValue: 16) }
    /// 17: the answer, with the same body.
    @inlinable public static var unsubscribeReply: GoimOperation { GoimOperation(rawValue: 17) }

    /// Whether the session answers by itself instead of asking the application.
    @inlinable @inline(__always)
    package var isReserved: Bool {
        UInt32(bitPattern: rawValue) <= 17 && 0b11_1111_0001_1000_1100 >> rawValue & 1 == 1
    }

    /// The number.
    public var description: String { "\(rawValue)" }
}
