/// Where a ring keeps its shared words: on four lines, each written by one side (or hardly ever), so that
/// neither side's stores take a line away from the other's loads.
@usableFromInline
enum RingCells {
    /// Slots published so far. Written by the producer.
    @inlinable static var tail: Int { 0 }
    /// Slots given back so far. Written by the consumer.
    @inlinable static var head: Int { 16 }
    /// 1 while the consumer sleeps or is about to. Read by each signal.
    @inlinable static var sleeping: Int { 32 }
    /// 1 once the consumer's end is gone.
    @inlinable static var abandoned: Int { 33 }
    /// 1 while the producer, having found the ring full, waits to be told of space. Read by each
    /// `getAdvance()`.
    @inlinable static var wantsSpace: Int { 48 }
    /// 1 once the producer's end is gone.
    @inlinable static var finished: Int { 49 }
    /// Lines in all.
    @inlinable static var lines: Int { 4 }
}

/// What `ready()` reports.
@frozen
public enum RingSignal: Sendable, Hashable {
    /// At least one slot can be taken.
    case ready
    /// The producer has finished and every slot it had set has been taken.
    case finish
}
