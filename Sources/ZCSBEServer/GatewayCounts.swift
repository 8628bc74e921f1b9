/// What a gateway has taken so far.
public struct GatewayCounts: Hashable, Sendable {
    /// Binary frames whose messages were delivered.
    public var frames = 0
    /// Messages that were delivered.
    public var messages = 0
    /// Frames with a fault: skipped, or the last of their connection.
    public var faults = 0

    /// Nothing yet.
    public init() {}
}
