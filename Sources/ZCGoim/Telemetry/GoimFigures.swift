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
    /// Heartbeats answered.
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
