import Synchronization

/// The figures of one loop: written on its thread, read from any.
///
/// Each event costs one or two plain additions; nothing is locked, allocated or counted by reference.
@usableFromInline
package final class LoopMetrics: Sendable {
    @usableFromInline let cells = FigureCells<Metric>()
    /// Completions per turn of the loop.
    private let completionsPerTurn = Histogram()
    /// The time of each callback, while a tracer is set.
    private let callbackNanoseconds = Histogram()

    package init() {}

    deinit { cells.free() }

    // MARK: Any thread

    /// A figure as it is now.
    package subscript(metric: Metric) -> Int { cells[metric] }

    /// How many connections are open now.
    package var connectionCount: Int { self[.connections] }

    /// All figures as a value.
    package func snapshot() -> LoopSnapshot {
        LoopSnapshot(
            values: cells.values, completionsPerTurn: completionsPerTurn.snapshot(),
            callbackNanoseconds: callbackNanoseconds.snapshot())
    }

    // MARK: The loop's thread

    /// Counts events, or moves a gauge.
    @inlinable
    @inline(__always)
    package func add(_ amount: Int, to metric: Metric) { cells.add(amount, to: metric) }

    /// Sets a gauge to a value. The loop's thread only.
    @inlinable
    @inline(__always)
    package func set(_ metric: Metric, to value: Int) { cells.set(metric, to: value) }

    func recordTurn(completions: Int) {
        add(1, to: .turns)
        add(completions, to: .completions)
        if completions == 0 {
            add(1, to: .idleTurns)
        } else {
            completionsPerTurn.record(completions)
        }
    }

    @inline(__always)
    func recordReceive(bytes: Int) {
        add(1, to: .receives)
        add(bytes, to: .bytesIn)
    }

    @inline(__always)
    func recordSend(bytes: Int) {
        add(1, to: .sends)
        add(bytes, to: .bytesOut)
    }

    func recordOpen() {
        add(1, to: .opened)
        add(1, to: .connections)
    }

    /// - Parameter cause: a `CloseCause.index`.
    func recordClose(cause: Int) {
        add(1, to: Metric.closedByCause[cause])
        add(-1, to: .connections)
    }

    func recordSlowCallback(nanoseconds: Int) {
        add(1, to: .slowCallbacks)
        add(nanoseconds, to: .slowCallbackNanoseconds)
    }

    func recordCallback(nanoseconds: Int) { callbackNanoseconds.record(nanoseconds) }
}

/// A block of numbers with one writer and any number of readers.
///
/// A cell is changed by a relaxed load and a relaxed store, not by an atomic addition: with one writer
/// nothing is lost, and it costs what adding to a variable costs. Readers see each number whole, but not all
/// of one moment. Blocks start and end on lines of their own, so that two writers never share one.
///
/// SAFETY: `@safe` because indices are checked against `count` in debug builds and come from enumerations;
/// `Sendable` is unchecked because cells are atomic.
@safe
@frozen
@usableFromInline
package struct MetricCells: @unchecked Sendable {
    static let lineBytes = 128
    @usableFromInline let cells: UnsafeMutablePointer<Atomic<Int>>
    @usableFromInline let count: Int

    package init(count: Int) {
        let bytes = (count * MemoryLayout<Atomic<Int>>.stride + Self.lineBytes - 1) & ~(Self.lineBytes - 1)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.lineBytes)
        unsafe cells = memory.bindMemory(to: Atomic<Int>.self, capacity: count)
        for index in 0..<count { unsafe (cells + index).initialize(to: Atomic(0)) }
        self.count = count
    }

    /// Frees the block; by its owner, once, after the last use.
    package func free() { unsafe cells.deallocate() }

    /// Reads a cell, on any thread.
    @inlinable
    package func read(_ index: Int) -> Int {
        assert(index >= 0 && index < count, "no such cell")
        return unsafe cells[index].load(ordering: .relaxed)
    }

    /// Changes a cell, on the writer's thread only.
    @inlinable
    @inline(__always)
    package func add(_ amount: Int, to index: Int) {
        assert(index >= 0 && index < count, "no such cell")
        let cell = unsafe cells + index
        unsafe cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Changes a cell, on the writer's thread only.
    @inlinable
    @inline(__always)
    package func set(_ value: Int, at index: Int) { unsafe cells[index].store(value, ordering: .relaxed) }

    /// Where the block begins, for tests of its placement.
    var address: UInt { UInt(bitPattern: unsafe cells) }
}
