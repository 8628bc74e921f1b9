import ZCNet

/// What is counted of goim connections. Counters unless they say otherwise.
public enum GoimMetric: Int, CaseIterable, Sendable {
    /// Connections that have authenticated and are there now.
    case members
    /// Connections that have authenticated.
    case authentications
    /// Connections that the application did not let in.
    case refused
    /// Connections closed because another one came with their key.
    case replaced
    /// Connections that authenticated too late, or whose heartbeats did not come.
    case timeouts
    /// Connections that broke a rule.
    case protocolErrors
    /// How many heartbeats were answered.
    case heartbeats
    /// Pushes that a connection took; a batch counts its messages.
    case delivered
    /// Pushes that a connection had no room for; what follows is its overflow policy.
    case overflowed
    /// Pushes to connections on their way out.
    case missed
    /// Pushes that a connection does not accept.
    case filtered
    /// Batches that were merged, as members got them.
    case batches
    /// Times that a full ring has stopped reading from its connection.
    case ringPauses
    /// Answers of consumers that a connection had no room for.
    case repliesDropped
    /// Requests for operations or a room that were answered and not followed: no list, too long, not UTF-8.
    case requestsIgnored
    /// Connections reset before they had authenticated, as too many had not.
    case handshakesRefused

    /// Whether the figure can fall.
    public var isGauge: Bool { self == .members }
}

extension GoimMetric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_goim_" }

    package var exposition: FigureExposition {
        switch self {
        case .members: .init("members", "Authenticated connections now.")
        case .authentications: .init("authentications_total", "Connections that have authenticated.")
        case .refused: .init("refused_total", "Connections that were not let in.")
        case .replaced: .init("replaced_total", "Connections replaced by others of their key.")
        case .timeouts: .init("timeouts_total", "Connections without authentication or heartbeat in time.")
        case .protocolErrors: .init("protocol_errors_total", "Connections that broke a rule.")
        case .heartbeats: .init("heartbeats_total", "Heartbeats answered.")
        case .delivered: .init("delivered_total", "Pushes that a connection took.")
        case .overflowed: .init("overflowed_total", "Pushes that a connection had no room for.")
        case .missed: .init("missed_total", "Pushes to connections on their way out.")
        case .filtered: .init("filtered_total", "Pushes that a connection does not accept.")
        case .batches: .init("batches_total", "Merged batches delivered.")
        case .ringPauses: .init("ring_pauses_total", "Times that a full ring stopped reading.")
        case .repliesDropped: .init("replies_dropped_total", "Answers that a connection had no room for.")
        case .requestsIgnored: .init("requests_ignored_total", "Requests answered and not followed.")
        case .handshakesRefused:
            .init("handshakes_refused_total", "Connections reset as too many had not authenticated.")
        }
    }
}

/// The figures of one loop: written on its thread, read from any.
typealias GoimFigures = Figures<GoimMetric>

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

    /// The value of one figure.
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
