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

    /// Connections open now.
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

    /// Sets a gauge.
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
