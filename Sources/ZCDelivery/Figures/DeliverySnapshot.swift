/// The figures of one part of delivery at one moment, or of several together, as a value.
///
/// ```swift
/// let figures = queue.snapshot().merged(with: store.snapshot())
/// respond(figures.prometheusText())
/// ```
public struct DeliverySnapshot: Hashable, Sendable {
    private var values: [Int]

    init(values: [Int]) { self.values = values }

    /// One figure.
    public internal(set) subscript(metric: DeliveryMetric) -> Int {
        get { values[metric.rawValue] }
        set { values[metric.rawValue] = newValue }
    }

    /// Both together: what they count is added up.
    public func merged(with other: DeliverySnapshot) -> DeliverySnapshot {
        DeliverySnapshot(values: zip(values, other.values).map(+))
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String {
        var text = ""
        for metric in DeliveryMetric.allCases {
            let name = "zcnet_delivery_" + metric.exposition.family
            text += "# HELP \(name) \(metric.exposition.help)\n"
            text += "# TYPE \(name) \(metric.isGauge ? "gauge" : "counter")\n"
            text += "\(name) \(self[metric])\n"
        }
        return text
    }

    /// The figures as one JSON object.
    public func json() -> String {
        "{" + DeliveryMetric.allCases.map { "\"\($0)\":\(self[$0])" }.joined(separator: ",") + "}"
    }
}
