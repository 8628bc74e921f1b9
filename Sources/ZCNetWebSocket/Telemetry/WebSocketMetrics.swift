import ZCNet

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

    /// Counts a response.
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
