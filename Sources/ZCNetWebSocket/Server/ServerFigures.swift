import ZCNet

/// Where all figures of a server can be read, from any thread. Holds the figures and not the loops, so that
/// a loop that serves them does not keep its own group alive.
struct ServerFigures: Sendable {
    let loops: [LoopMetrics]
    let webSocket: [WebSocketMetrics]

    init(_ group: EventLoopGroup) {
        loops = group.loops.map(\.metrics)
        webSocket = group.loops.map { _ in WebSocketMetrics() }
    }

    func webSocketSnapshot() -> WebSocketSnapshot {
        let all = webSocket.map { $0.snapshot() }
        return all.dropFirst().reduce(all[0]) { $0.merged(with: $1) }
    }

    private func loopSnapshot() -> MetricsSnapshot { MetricsSnapshot(loops: loops.map { $0.snapshot() }) }

    /// For Prometheus: its content type names the format's version.
    func prometheus() -> HTTPResponse {
        let text = loopSnapshot().prometheusText() + webSocketSnapshot().prometheusText()
        return Self.fresh(
            HTTPResponse(status: 200, text: text, type: "text/plain; version=0.0.4; charset=utf-8"))
    }

    /// One object: the loops' figures, and the server's under `webSocket`.
    func json() -> HTTPResponse {
        let text = loopSnapshot().json().dropLast() + ",\"webSocket\":" + webSocketSnapshot().json() + "}\n"
        return Self.fresh(HTTPResponse(status: 200, text: String(text), type: "application/json"))
    }

    /// Figures of a moment are nothing to keep.
    private static func fresh(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.set("Cache-Control", to: "no-store")
        return response
    }
}
