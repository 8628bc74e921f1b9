import ZCNet

/// The figures that a server keeps beside those of its loops (`Metric`): the one table that recording,
/// snapshots and renderings go by. Responses by status and conversations ended by code are counted beside
/// these; see ``WebSocketSnapshot``.
public enum WebSocketMetric: Int, CaseIterable, Hashable, Sendable {
    /// How many conversations are open now.
    case conversations
    /// Handshakes that became conversations.
    case upgrades
    /// Requests whose heads were read, those of handshakes included.
    case requests
    /// Conversations not begun, as there were as many as the server may have.
    case refusedConversationsMax
    /// Conversations not begun, as their client had as many as it may.
    case refusedPerClient
    /// Conversations not begun, as too much output waited on the loop.
    case refusedQueuedBytes
    /// Connections reset, as there were as many without a conversation as there may be.
    case refusedHandshakesMax
    /// Conversations not begun, as pages of their origin may not connect.
    case refusedOrigins
    /// Connections that did not begin with the PROXY header that they owed.
    case proxyErrors
    /// Peers given up because a ping was not answered.
    case pingsMissed
    /// Compressed messages that came.
    case compressedIn
    /// Messages that were sent compressed.
    case compressedOut
    /// How often reading paused because a peer had used up its rate.
    case ratePauses
    /// Conversations ended because the peer exceeded its rate.
    case rateCloses
}

extension WebSocketMetric: FigureFamily {
    package static var expositionPrefix: String { "zcnet_websocket_" }
    package var isGauge: Bool { self == .conversations }

    package var exposition: FigureExposition {
        func refused(_ reason: String) -> FigureExposition {
            FigureExposition(
                "refused_total", "Conversations and connections turned away for a limit.",
                label: ("reason", reason))
        }
        return switch self {
        case .conversations: .init("conversations", "Conversations open now.")
        case .upgrades: .init("upgrades_total", "Handshakes that became conversations.")
        case .requests: .init("requests_total", "Requests read, handshakes included.")
        case .refusedConversationsMax: refused("conversations_max")
        case .refusedPerClient: refused("per_client_max")
        case .refusedQueuedBytes: refused("queued_bytes_max")
        case .refusedHandshakesMax: refused("handshakes_max")
        case .refusedOrigins: refused("origins")
        case .proxyErrors: .init("proxy_errors_total", "Connections without the PROXY header they owed.")
        case .pingsMissed: .init("pings_missed_total", "Peers given up for an unanswered ping.")
        case .compressedIn: .init("received_compressed_messages_total", "Compressed messages received.")
        case .compressedOut: .init("sent_compressed_messages_total", "Messages sent compressed.")
        case .ratePauses: .init("rate_pauses_total", "Pauses of peers that had used up their rate.")
        case .rateCloses: .init("rate_closes_total", "Conversations ended for exceeding their rate.")
        }
    }
}

/// The figures of one server on one loop: written on the loop's thread, read from any. An event costs one
/// plain addition.
final class WebSocketMetrics: Sendable {
    /// The statuses that are counted one by one; others share the last cell.
    static let statuses = [
        200, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408, 411, 413, 414, 417, 426, 429, 431, 500,
        501, 503, 505,
    ]
    /// The codes that are counted one by one: RFC 6455 7.4.1 and those registered since. Codes of frameworks
    /// (3000-3999), of applications (4000-4999) and all others have one cell each.
    static let codes = Array(1000...1015)

    private let figures = FigureCells<WebSocketMetric>()
    private let responses = MetricCells(count: statusLabels.count)
    private let closes = MetricCells(count: codeLabels.count)

    init() {}

    deinit {
        figures.free()
        responses.free()
        closes.free()
    }

    /// Counts events, or moves a gauge.
    func add(_ amount: Int, to metric: WebSocketMetric) { figures.add(amount, to: metric) }

    /// Counts a response by its status.
    func recordResponse(_ status: Int) {
        responses.add(1, to: Self.statuses.firstIndex(of: status) ?? Self.statuses.count)
    }

    /// Counts the end of a conversation.
    func recordClose(_ code: WebSocketCloseCode) {
        figures.add(-1, to: .conversations)
        closes.add(1, to: Self.place(of: Int(code.rawValue)))
    }

    private static func place(of code: Int) -> Int {
        switch code {
        case 1000...1015: code - 1000
        case 3000...3999: codes.count
        case 4000...4999: codes.count + 1
        default: codes.count + 2
        }
    }

    /// All figures as a value. Any thread.
    func snapshot() -> WebSocketSnapshot {
        WebSocketSnapshot(
            values: figures.values, responses: Self.statusLabels.indices.map { responses.read($0) },
            closes: Self.codeLabels.indices.map { closes.read($0) })
    }

    /// How the cells of `responses` are labelled.
    static let statusLabels = statuses.map { "\($0)" } + ["other"]
    /// How the cells of `closes` are labelled.
    static let codeLabels = codes.map { "\($0)" } + ["3000-3999", "4000-4999", "other"]
}

/// The figures of a server at one moment, all of its loops together, as a value.
///
/// ```swift
/// let figures = server.webSocketSnapshot()
/// print(figures[.conversations], figures.responses(status: 503), figures.closes(code: .goingAway))
/// ```
/// Messages and bytes are in `server.snapshot()`, which counts them per loop.
public struct WebSocketSnapshot: Hashable, Sendable {
    private var values: FigureValues<WebSocketMetric>
    private var responses: [Int]
    private var closes: [Int]

    init(values: FigureValues<WebSocketMetric>, responses: [Int], closes: [Int]) {
        self.values = values
        self.responses = responses
        self.closes = closes
    }

    /// The value of one figure.
    public subscript(metric: WebSocketMetric) -> Int { values[metric] }

    /// Responses of a status, refused handshakes among them; a status that is not counted by itself answers
    /// nil. 101 is ``WebSocketMetric/upgrades``.
    public func responses(status: Int) -> Int? {
        WebSocketMetrics.statuses.firstIndex(of: status).map { responses[$0] }
    }

    /// Conversations that ended with a code; nil for one that is not counted by itself.
    public func closes(code: WebSocketCloseCode) -> Int? {
        WebSocketMetrics.codes.firstIndex(of: Int(code.rawValue)).map { closes[$0] }
    }

    /// The sums of both.
    func merged(with other: WebSocketSnapshot) -> WebSocketSnapshot {
        WebSocketSnapshot(
            values: values.merged(with: other.values),
            responses: zip(responses, other.responses).map(+), closes: zip(closes, other.closes).map(+))
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String {
        var page = PrometheusText()
        page.add([([], values)])
        page.add(
            "zcnet_websocket_responses_total", "Responses to requests, by status.", by: "status",
            Array(zip(WebSocketMetrics.statusLabels, responses)))
        page.add(
            "zcnet_websocket_closes_total", "Conversations ended, by close code.", by: "code",
            Array(zip(WebSocketMetrics.codeLabels, closes)))
        return page.text
    }

    /// The figures as one JSON object.
    public func json() -> String {
        func object(_ labels: [String], _ counts: [Int]) -> String {
            "{" + zip(labels, counts).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        }
        return "{" + values.json + ",\"responses\":" + object(WebSocketMetrics.statusLabels, responses)
            + ",\"closes\":" + object(WebSocketMetrics.codeLabels, closes) + "}"
    }
}
