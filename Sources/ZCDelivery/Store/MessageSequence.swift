/// A message's number in its store: 1 for the first ever, one more for each that follows, never used twice
/// but after ``MessageStore/truncate(from:)``.
///
/// ```swift
/// let range = try await store.append(MessageBatch(messages))
/// let numberOfThird = range.lowerBound + 2
/// ```
@frozen
public struct MessageSequence: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// Wraps a number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The number of a store's first message.
    @inlinable
    public static var first: MessageSequence { MessageSequence(rawValue: 1) }

    /// The number so many messages later, or the last one there is.
    ///
    /// - Precondition: `count >= 0`.
    @inlinable
    public static func + (sequence: MessageSequence, count: Int) -> MessageSequence {
        precondition(count >= 0, "sequence numbers are counted forward")
        let (sum, overflow) = sequence.rawValue.addingReportingOverflow(UInt64(count))
        return MessageSequence(rawValue: overflow ? .max : sum)
    }

    /// Whether the first was stored before the second.
    @inlinable
    public static func < (left: MessageSequence, right: MessageSequence) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number.
    public var description: String { "\(rawValue)" }
}
