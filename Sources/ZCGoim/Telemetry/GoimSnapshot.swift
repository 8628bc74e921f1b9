import ZCNet

/// The figures of a goim server at one moment, all of its loops together, as a value.
///
/// ```swift
/// let figures = server.hub.snapshot()
/// print(figures[.members], figures.rooms, figures[.overflowed])
/// ```
public struct GoimSnapshot: Hashable, Sendable {
    private let values: FigureValues<GoimMetric>
    /// Rooms that somebody is in.
    public let rooms: Int
    /// Connections that pushes did not reach, because their loops' mailboxes were full or had ended.
    public let unreached: Int
    /// Batches that were not pushed, because their bodies were no row of whole protos.
    public let malformed: Int

    init(_ figures: [GoimFigures], rooms: Int, unreached: Int, malformed: Int) {
        values = FigureValues { metric in figures.reduce(0) { $0 + $1[metric] } }
        self.rooms = rooms
        self.unreached = unreached
        self.malformed = malformed
    }

    /// One figure.
    public subscript(metric: GoimMetric) -> Int { values[metric] }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String {
        var page = PrometheusText()
        page.add([([], values)])
        page.add("zcnet_goim_rooms", "Rooms that somebody is in.", isGauge: true, rooms)
        page.add(
            "zcnet_goim_unreached_total", "Connections that pushes did not reach.", isGauge: false, unreached)
        page.add(
            "zcnet_goim_malformed_total", "Batches that were no row of protos.", isGauge: false, malformed)
        return page.text
    }
}
