/// What became of bytes given to a connection.
@frozen
public enum SendResult: Hashable, Sendable {
    /// On their way with this turn's write, or already in the kernel.
    case sent
    /// Accepted; they wait in the connection's output, behind what the kernel has not taken yet.
    case queued
    /// Not accepted: the connection's output is at its limit. Try again when `onWritable` comes, or, under
    /// the policy `dropNewest`, know that they were dropped and counted.
    case full
    /// Not accepted: the connection is closing or closed.
    case closed

    /// Whether the connection took the bytes.
    @inlinable
    public var isAccepted: Bool { self == .sent || self == .queued }
}
