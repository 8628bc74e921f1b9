import ZCNet

/// The figures of one part of delivery at one moment, or of several together, as a value.
///
/// ```swift
/// let figures = queue.snapshot().merged(with: store.snapshot())
/// respond(figures.prometheusText())
/// ```
public struct DeliverySnapshot: Hashable, Sendable {
    private var values: FigureValues<DeliveryMetric>

    init(values: FigureValues<DeliveryMetric>) { self.values = values }

    /// One figure.
    public internal(set) subscript(metric: DeliveryMetric) -> Int {
        get { values[metric] }
        set { values[metric] = newValue }
    }

    /// Both together: what they count is added up.
    public func merged(with other: DeliverySnapshot) -> DeliverySnapshot {
        DeliverySnapshot(values: values.merged(with: other.values))
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String { values.prometheusText }

    /// The figures as one JSON object.
    public func json() -> String { "{" + values.json + "}" }
}
