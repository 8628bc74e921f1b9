import ZCNet

/// What is counted of a client of NATS. Counters unless they say otherwise.
public enum NATSMetric: Int, CaseIterable, Sendable {
    /// Whether the client is connected: 1 or 0.
    case connected
    /// Subscriptions that are there now.
    case subscriptions
    /// Requests that wait for an answer now.
    case requests
    /// Bytes that wait for the connection, or for its return, now.
    case pendingBytes
    /// Connections that came up.
    case connects
    /// Connections that were lost.
    case disconnects
    /// Attempts to connect that failed.
    case connectFailures
    /// Messages that came for subscriptions.
    case messagesIn
    /// Bytes of their payloads and headers.
    case bytesIn
    /// Messages that were sent, or wait to be.
    case messagesOut
    /// Messages that were not taken, as too much waited.
    case refused
    /// Messages that a subscription dropped, as it did not keep up.
    case dropped
    /// Messages for subscriptions that are gone.
    case strays
    /// Times that a subscription stopped reading from the connection.
    case pauses
    /// Requests that nobody answered in time.
    case timeouts
    /// Times that a server broke a rule of the protocol.
    case protocolErrors
    /// Errors that servers told of.
    case serverErrors

    /// Whether the figure can fall.
    public var isGauge: Bool {
        [.connected, .subscriptions, .requests, .pendingBytes].contains(self)
    }
}

extension NATSMetric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_nats_" }

    package var exposition: FigureExposition {
        switch self {
        case .connected: .init("connected", "Whether the client is connected.")
        case .subscriptions: .init("subscriptions", "Subscriptions now.")
        case .requests: .init("requests", "Requests that wait for an answer now.")
        case .pendingBytes: .init("pending_bytes", "Bytes that wait for the connection now.")
        case .connects: .init("connects_total", "Connections that came up.")
        case .disconnects: .init("disconnects_total", "Connections that were lost.")
        case .connectFailures: .init("connect_failures_total", "Attempts to connect that failed.")
        case .messagesIn: .init("messages_in_total", "Messages that came.")
        case .bytesIn: .init("bytes_in_total", "Bytes of messages that came.")
        case .messagesOut: .init("messages_out_total", "Messages that were taken to be sent.")
        case .refused: .init("refused_total", "Messages that were not taken, as too much waited.")
        case .dropped: .init("dropped_total", "Messages that slow subscriptions dropped.")
        case .strays: .init("strays_total", "Messages for subscriptions that are gone.")
        case .pauses: .init("pauses_total", "Times that a slow subscription stopped reading.")
        case .timeouts: .init("timeouts_total", "Requests that nobody answered in time.")
        case .protocolErrors: .init("protocol_errors_total", "Times that a server broke a rule.")
        case .serverErrors: .init("server_errors_total", "Errors that servers told of.")
        }
    }
}

/// The figures of one client: written on its loop, read from any thread.
typealias NATSFigures = Figures<NATSMetric>

/// The figures of a client at one moment, as a value.
public struct NATSSnapshot: Hashable, Sendable {
    private let values: FigureValues<NATSMetric>

    init(_ figures: NATSFigures) { values = figures.values }

    /// One of the figures, by name.
    public subscript(metric: NATSMetric) -> Int { values[metric] }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String { values.prometheusText }

    /// The figures as a JSON object.
    public func json() -> String { "{\(values.json)}" }
}
