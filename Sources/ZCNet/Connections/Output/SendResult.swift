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
