/// What became of the elements given to a hand-off. At any moment, `offered == taken + dropped + waiting`.
public struct HandOffCounts: Hashable, Sendable {
    /// Elements that were given.
    public var offered = 0
    /// Elements that the consumer has got.
    public var taken = 0
    /// Elements that were left out, whether newest or oldest.
    public var dropped = 0
    /// Elements in the queue.
    public var waiting = 0
    /// The most elements that ever were in the queue.
    public var waitingMax = 0
    /// How often a connection was paused.
    public var pauses = 0
    /// How often a connection was closed because there was no room.
    public var closes = 0

    /// Nothing yet.
    public init() {}
}
