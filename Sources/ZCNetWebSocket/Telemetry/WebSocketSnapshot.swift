/// The figures of a server at one moment, all of its loops together, as a value.
///
/// ```swift
/// let figures = server.webSocketSnapshot()
/// print(figures[.conversations], figures.responses(status: 503), figures.closes(code: .goingAway))
/// ```
/// Messages and bytes are in `server.snapshot()`, which counts them per loop.
public struct WebSocketSnapshot: Hashable, Sendable {
    private var values: [Int]
    private var responses: [Int]
    private var closes: [Int]

    init(values: [Int], responses: [Int], closes: [Int]) {
        self.values = values
        self.responses = responses
        self.closes = closes
    }

    /// One figure.
    public subscript(metric: WebSocketMetric) -> Int { values[metric.rawValue] }

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
            values: zip(values, other.values).map(+), responses: zip(responses, other.responses).map(+),
            closes: zip(closes, other.closes).map(+))
    }

    /// The figures in Prometheus' text format, version 0.0.4.
    public func prometheusText() -> String {
        var text = ""
        var described: Set<String> = []
        for metric in WebSocketMetric.allCases {
            let (family, label, help) = metric.exposition
            if described.insert(family).inserted {
                text += Self.head(family, metric.isGauge ? "gauge" : "counter", help)
            }
            text += "zcnet_websocket_\(family)\(label) \(self[metric])\n"
        }
        text += Self.head("responses_total", "counter", "Responses to requests, by status.")
        for (label, count) in zip(WebSocketMetrics.statusLabels, responses) {
            text += "zcnet_websocket_responses_total{status=\"\(label)\"} \(count)\n"
        }
        text += Self.head("closes_total", "counter", "Conversations ended, by close code.")
        for (label, count) in zip(WebSocketMetrics.codeLabels, closes) {
            text += "zcnet_websocket_closes_total{code=\"\(label)\"} \(count)\n"
        }
        return text
    }

    private static func head(_ family: String, _ type: String, _ help: String) -> String {
        "# HELP zcnet_websocket_\(family) \(help)\n# TYPE zcnet_websocket_\(family) \(type)\n"
    }

    /// The figures as one JSON object.
    public func json() -> String {
        func object(_ labels: [String], _ counts: [Int]) -> String {
            "{" + zip(labels, counts).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
        }
        let plain = WebSocketMetric.allCases.map { "\"\($0)\":\(self[$0])" }.joined(separator: ",")
        return "{" + plain + ",\"responses\":" + object(WebSocketMetrics.statusLabels, responses)
            + ",\"closes\":" + object(WebSocketMetrics.codeLabels, closes) + "}"
    }
}
