import ZCNet

/// The figures of one part: written by the thread that works for it, read from any. An event costs one plain
/// addition.
final class DeliveryFigures: Sendable {
    private let cells = MetricCells(count: DeliveryMetric.allCases.count)

    deinit { cells.free() }

    /// Counts events, or moves a gauge. The writer only.
    func add(_ amount: Int, to metric: DeliveryMetric) { cells.add(amount, to: metric.rawValue) }

    /// Sets a gauge. The writer only.
    func set(_ metric: DeliveryMetric, to value: Int) { cells.set(value, at: metric.rawValue) }

    /// A figure as it is now. Any thread.
    subscript(metric: DeliveryMetric) -> Int { cells.read(metric.rawValue) }

    /// All figures as a value. Any thread.
    func snapshot() -> DeliverySnapshot {
        DeliverySnapshot(values: DeliveryMetric.allCases.map { self[$0] })
    }
}
