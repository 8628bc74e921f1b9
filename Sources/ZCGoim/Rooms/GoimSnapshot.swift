/// The figures of a goim server at one moment, all of its loops together, as a value.
///
/// ```swift
/// let figures = server.hub.snapshot()
/// print(figures[.members], figures.rooms, figures[.overflowed])
/// ```
public struct GoimSnapshot: Hashable, Sendable {
    private let values: [Int]
    /// Rooms that somebody is in.
    public let rooms: Int
    /// Connections that pushes did not reach, because their loops' mailboxes were full or had ended.
    public let unreached: Int
    /// Batches that were not pushed, because their bodies were no row of whole protos.
    public let malformed: Int

    init(_ figures: [GoimFigures], rooms: Int, unreached: Int, malformed: Int) {
        values = GoimMetric.allCases.map { metric in figures.reduce(0) { $0 + $1[metric] } }
        self.rooms = rooms
        self.unreached = unreached
        self.malformed = malformed
    }

    /// One figure.
    public subscript(metric: GoimMetric) -> Int { values[metric.rawValue] }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String {
        var text = ""
        func add(_ name: String, _ help: String, isGauge: Bool, _ value: Int) {
            text += "# HELP zcnet_goim_\(name) \(help)\n"
            text += "# TYPE zcnet_goim_\(name) \(isGauge ? "gauge" : "counter")\n"
            text += "zcnet_goim_\(name) \(value)\n"
        }
        for metric in GoimMetric.allCases {
            add(metric.exposition.name, metric.exposition.help, isGauge: metric.isGauge, self[metric])
        }
        add("rooms", "Rooms that somebody is in.", isGauge: true, rooms)
        add("unreached_total", "Connections that pushes did not reach.", isGauge: false, unreached)
        add("malformed_total", "Batches that were no row of protos.", isGauge: false, malformed)
        return text
    }
}
