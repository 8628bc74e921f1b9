public import ZCNet

/// A message that was sent and not acknowledged yet.
public struct OutstandingMessage: Sendable {
    /// The application's number for the message: one message may be outstanding on many connections.
    public let id: UInt64
    /// Whom it was sent to. A name, nothing that keeps the connection.
    public let connection: ConnectionID
    /// What is sent again.
    public let bytes: SharedBytes
    /// How often it was sent again.
    public internal(set) var retries: Int

    /// A message that was sent for the first time.
    public init(id: UInt64, to connection: ConnectionID, bytes: SharedBytes) {
        self.id = id
        self.connection = connection
        self.bytes = bytes
        retries = 0
    }
}

/// A message that was given up, and why.
public struct DeadLetter: Sendable {
    /// Why a message was given up.
    public enum Cause: Hashable, Sendable {
        /// The last wait was over as well.
        case unacknowledged
        /// Its connection is over.
        case connectionClosed
    }

    /// The message, with its bytes.
    public let message: OutstandingMessage
    /// Why it was given up.
    public let cause: Cause

    init(_ message: OutstandingMessage, _ cause: Cause) {
        self.message = message
        self.cause = cause
    }
}

/// What became of a message that was to be watched for its acknowledgement.
@frozen
public enum RetryAddition: Hashable, Sendable {
    /// Watched from now on.
    case added
    /// It was watched already for this connection; its waits begin anew, with the new bytes.
    case restarted
    /// Refused: too many messages or bytes are outstanding.
    case full
    /// Refused: the loop that would watch it has ended.
    case stopped
}

/// What other threads ask of a shard of a ``RetryManager``.
enum RetryCommand: Sendable {
    case add(OutstandingMessage)
    case acknowledge(UInt64, ConnectionID)
}

/// Who knows the number of the message at a place: what a ``RetryIndex`` asks when it grows.
protocol MessageNumbers: ~Copyable {
    /// The number of the message at a place that is in the index.
    func id(at place: UInt32) -> UInt64
}

extension Slab: MessageNumbers where Element == RetryTable.Entry {
    func id(at place: UInt32) -> UInt64 { self[SlotIndex(rawValue: place)].id }
}
