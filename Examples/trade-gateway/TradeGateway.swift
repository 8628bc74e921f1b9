import ExampleSupport
import ZCProto

/// Feed, gateway, board and dashboards in one process, on shared loops.
struct TradeGateway: ExampleServer {
    private let server: WebSocketServer
    private let feed: WebSocketClient?
    private let handOff: HandOff<Trade.Value>
    private let board = Board()

    init(_ arguments: GatewayArguments) throws {
        let handOff = try HandOff<Trade.Value>(capacity: 65_536, policy: .pauseReading)
        let board = board
        self.handOff = handOff
        let group = try EventLoopGroup(arguments.configuration.group)
        var configuration = WebSocketServer.Configuration()
        configuration.tcp = arguments.configuration
        let routes = WebSocketRoutes { routes in
            routes.trades("/feed") { Gateway(handOff: handOff) }
            routes.webSocket("/market") { Dashboard(board: board) }
            routes.page("/", gatewayPage)
            routes.page("/trades.js", gatewayScript, type: "text/javascript; charset=utf-8")
            routes.get("/totals") { _ in
                HTTPResponse(status: 200, text: board.json, type: "application/json")
            }
            routes.metrics()
            routes.varz()
        }
        server = try WebSocketServer(
            on: "127.0.0.1:\(arguments.port)", configuration: configuration, group: group, routes: routes)
        feed = arguments.rate == 0 ? nil : try WebSocketClient(group: group) { Feed(arguments) }
    }

    var address: SocketAddress { server.address }

    func start() throws(SystemError) {
        let (board, handOff) = (board, handOff)
        Task.detached { for await trade in handOff { board.record(trade) } }
        try server.start()
        feed?.connect(to: "ws://\(server.address)/feed") { result in
            if case .failure(let error) = result { say("the feed: \(error)", to: 2) }
        }
    }

    func run(until signals: StopSignals, grace: Duration) throws -> Int32? {
        defer { handOff.finish() }
        return try server.run(until: signals, grace: grace)
    }
}
