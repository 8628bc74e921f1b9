/// What a store holds at a moment.
public struct StoreExtent: Hashable, Sendable {
    /// The sequence numbers that can be read.
    public var range: Range<MessageSequence>
    /// The highest term seen.
    public var term: UInt64

    /// The number that the next message gets.
    public var next: MessageSequence { range.upperBound }

    /// An extent.
    public init(range: Range<MessageSequence>, term: UInt64) {
        self.range = range
        self.term = term
    }
}
