import ExampleSupport
import Glibc
import IMProtocol
import Synchronization
import ZCCluster
import ZCSBEServer

/// A node: a server of WebSocket connections, a hub, and an engine on a loop of its own.
struct ImServer: ExampleServer {
    private let server: WebSocketServer
    private let engine: Engine
    private let node: ClusterNode
    private let presence: ClusterPresence

    init(_ arguments: ImArguments) throws {
        let figures = Figures()
        let engine = try Engine(arguments)
        self.engine = engine
        let node = try ClusterNode(engine.engine, ClusterOptions(name: arguments.node)) { event in
            engine.took(event)
        }
        self.node = node
        let configuration = arguments.configuration
        let group = try EventLoopGroup(configuration.tcp.group)
        let hub = try Hub(arguments.node, node, group.loops, figures)
        presence = hub.presence
        let policy = arguments.logins.policy { engine.isReady }
        let routes = WebSocketRoutes { routes in
            routes.messages("/im", policy: policy) { Gateway(hub: hub) }
            routes.page("/", imPage)
            routes.page("/im.js", imScript, type: "text/javascript; charset=utf-8")
            routes.get("/healthz") { _ in
                engine.isReady
                    ? HTTPResponse(status: 200, text: "fine\n") : HTTPResponse(status: 503, text: "not yet\n")
            }
            // What the library counts.
            routes.metrics()
            routes.varz()
            // What this program counts, and what waits to be acknowledged.
            routes.get("/im/metrics") { _ in
                let text = figures.prometheusText + hub.retries.snapshot().prometheusText()
                return HTTPResponse(status: 200, text: text)
            }
            routes.get("/im/varz") { _ in
                let text =
                    "{\"node\":\"\(arguments.node)\",\"messages\":\(figures.json)"
                    + ",\"retries\":\(hub.retries.snapshot().json())}\n"
                return HTTPResponse(status: 200, text: text, type: "application/json")
            }
        }
        server = try WebSocketServer(
            on: "127.0.0.1:\(arguments.port)", configuration: configuration, group: group, routes: routes)
    }

    var address: SocketAddress { server.address }

    func start() throws(SystemError) {
        try engine.start(node)
        try server.start()
    }

    /// Connections end first, while what they have on its way is still stored; then the node hands its slots
    /// to the others, so that nobody waits for its leases.
    func run(until signals: StopSignals, grace: Duration) throws -> Int32? {
        let signal = try server.run(until: signals, grace: grace)
        engine.stop(node, presence)
        return signal
    }
}
