import ZCNetWebSocket

/// Whom the load is for, and with which client and handler it gets there.
enum LoadTarget {
    case tcp(endpoint: String)
    case webSocket(WebSocketURL)

    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    init(url: String) throws {
        if url.hasPrefix("tcp://") {
            let rest = url.dropFirst(6)
            self = .tcp(endpoint: String(rest.last == "/" ? rest.dropLast() : rest))
        } else {
            self = .webSocket(try WebSocketURL(url))
        }
    }

    /// Starts a client on its own loops; it connects when it is asked to.
    func start(_ plan: Plan) throws -> any LoadClient {
        switch self {
        case .tcp(let endpoint): return try TCPLoadClient(endpoint, plan)
        case .webSocket:
            throw Unusable(description: "the library has no WebSocket client yet; expected tcp://HOST:PORT")
        }
    }
}

/// What the program asks of a client.
protocol LoadClient: Sendable {
    /// Makes one more connection, and says when it is up.
    func connect() async throws
    func stop()
}

/// Connections over TCP.
struct TCPLoadClient: LoadClient {
    private let client: TCPClient
    private let endpoint: String

    init(_ endpoint: String, _ plan: Plan) throws {
        var configuration = TCPClient.Configuration()
        configuration.group.loops = plan.options.loops
        // Messages that are due are sent with the next tick.
        configuration.group.limits.timerTick = .milliseconds(1)
        configuration.connection.idleTimeout = nil
        client = try TCPClient(configuration) { TCPLoad(plan) }
        self.endpoint = endpoint
        try client.start()
    }

    func connect() async throws { _ = try await client.connect(to: endpoint) }

    func stop() {
        client.shutdown(grace: .zero)
        client.wait()
    }
}
