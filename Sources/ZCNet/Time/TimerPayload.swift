/// What a timer hands back when it expires: eight bytes whose meaning is their owner's.
///
/// A wheel runs no closures; whoever pops an expired timer reads from the payload what it was for, usually an
/// id and a kind. A plain value, free to copy to any thread.
@frozen
public struct TimerPayload: Sendable, Hashable, RawRepresentable {
    /// The eight bytes.
    public var rawValue: UInt64

    /// A payload of these eight bytes.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
