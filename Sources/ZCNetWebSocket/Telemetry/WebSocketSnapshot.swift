import ZCNet

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

    /// One figure.
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

    /// Both together.
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
