import ZCNetWebSocket

/// Whom the load is for, and with which client and handler it gets there.
enum LoadTarget {
    case tcp(endpoint: String)
    case webSocket(url: String)

    init(url: String) {
        if url.hasPrefix("tcp://") {
            let rest = url.dropFirst(6)
            self = .tcp(endpoint: String(rest.last == "/" ? rest.dropLast() : rest))
        } else {
            // What is no URL of a WebSocket server, the client says.
            self = .webSocket(url: url)
        }
    }

    /// Starts a client on its own loops; it connects when it is asked to.
    func start(_ plan: Plan) throws -> any LoadClient {
        switch self {
        case .tcp(let endpoint): return try TCPLoadClient(endpoint, plan)
        case .webSocket(let url): return try WebSocketLoadClient(url, plan)
        }
    }
}

/// What the program asks of a client.
protocol LoadClient: Sendable {
    /// Makes one more connection, and says when it is up.
    func connect() async throws
    func stop() async
}

/// Connections over TCP.
struct TCPLoadClient: LoadClient {
    private let client: TCPClient
    private let endpoint: String

    init(_ endpoint: String, _ plan: Plan) throws {
        var configuration = plan.options.configuration
        configuration.connection.idleTimeout = nil
        client = try TCPClient(configuration) { TCPLoad(plan) }
        self.endpoint = endpoint
        try client.start()
    }

    func connect() async throws { _ = try await client.connect(to: endpoint) }

    func stop() async { await client.stop(grace: .zero) }
}

/// Connections over WebSocket.
struct WebSocketLoadClient: LoadClient {
    private let client: WebSocketClient
    private let url: String

    init(_ url: String, _ plan: Plan) throws {
        let options = plan.options
        var configuration = WebSocketClient.Configuration()
        configuration.tcp = options.configuration
        configuration.options.messageBytesMax = max(
            configuration.options.messageBytesMax, options.payloadBytes)
        if options.deflate { configuration.options.deflate = DeflateOptions() }
        client = try WebSocketClient(configuration) { WebSocketLoad(plan) }
        self.url = url
        try client.start()
    }

    func connect() async throws { _ = try await client.connect(to: url) }

    func stop() async {
        // The server is told, and may still be sending what was under way.
        await client.stop(grace: .seconds(1))
    }
}
