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

    var exposition: (name: String, help: String) {
        switch self {
        case .members: ("members", "Authenticated connections now.")
        case .authentications: ("authentications_total", "Connections that have authenticated.")
        case .refused: ("refused_total", "Connections that were not let in.")
        case .replaced: ("replaced_total", "Connections replaced by others of their key.")
        case .timeouts: ("timeouts_total", "Connections without authentication or heartbeat in time.")
        case .protocolErrors: ("protocol_errors_total", "Connections that broke a rule.")
        case .heartbeats: ("heartbeats_total", "Heartbeats answered.")
        case .delivered: ("delivered_total", "Pushes that a connection took.")
        case .overflowed: ("overflowed_total", "Pushes that a connection had no room for.")
        case .missed: ("missed_total", "Pushes to connections on their way out.")
        case .filtered: ("filtered_total", "Pushes that a connection does not accept.")
        case .batches: ("batches_total", "Merged batches delivered.")
        case .ringPauses: ("ring_pauses_total", "Times that a full ring stopped reading.")
        case .repliesDropped: ("replies_dropped_total", "Answers that a connection had no room for.")
        case .requestsIgnored: ("requests_ignored_total", "Requests answered and not followed.")
        case .handshakesRefused:
            ("handshakes_refused_total", "Connections reset as too many had not authenticated.")
        }
    }
}

/// The figures of one loop: written on its thread, read from any.
///
/// SAFETY: the cells are atomic.
final class GoimFigures: Sendable {
    private let cells = MetricCells(count: GoimMetric.allCases.count)

    deinit { cells.free() }

    subscript(metric: GoimMetric) -> Int { cells.read(metric.rawValue) }

    /// The loop only.
    func add(_ amount: Int, to metric: GoimMetric) { cells.add(amount, to: metric.rawValue) }

    /// The loop only.
    func set(_ metric: GoimMetric, to value: Int) { cells.set(value, at: metric.rawValue) }
}
