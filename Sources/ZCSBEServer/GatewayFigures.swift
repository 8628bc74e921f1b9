import ZCNet

/// Where a gateway's counts are: a block for each loop, written there alone, read from any thread.
@usableFromInline
final class GatewayFigures: Sendable {
    /// The figures that one loop counts.
    @usableFromInline
    final class Block: Sendable {
        @usableFromInline let cells = MetricCells(count: 3)

        init() {}

        deinit { cells.free() }

        /// Counts a frame that was delivered.
        @inlinable @inline(__always)
        func didDeliver(_ messages: Int) {
            cells.add(1, to: 0)
            cells.add(messages, to: 1)
        }

        /// Counts messages ahead of a fault.
        @usableFromInline
        func didDeliverPart(_ messages: Int) { cells.add(messages, to: 1) }

        /// Counts a frame with a fault.
        @usableFromInline
        func didFail() { cells.add(1, to: 2) }
    }

    private let blocks = Locked<[Block]>([])

    @usableFromInline
    init() {}

    /// A block for a handler, on the loop that makes it.
    @usableFromInline
    func makeBlock() -> Block {
        let block = Block()
        blocks.withLock { $0.append(block) }
        return block
    }

    /// The sums. Any thread.
    func counts() -> GatewayCounts {
        let all = blocks.withLock { $0 }
        var counts = GatewayCounts()
        for block in all {
            counts.frames += block.cells.read(0)
            counts.messages += block.cells.read(1)
            counts.faults += block.cells.read(2)
        }
        return counts
    }
}

/// What a gateway has taken so far.
public struct GatewayCounts: Hashable, Sendable {
    /// Binary frames whose messages were delivered.
    public var frames = 0
    /// Messages that were delivered.
    public var messages = 0
    /// Frames with a fault: skipped, or the last of their connection.
    public var faults = 0

    /// Counts of nothing yet.
    public init() {}
}
