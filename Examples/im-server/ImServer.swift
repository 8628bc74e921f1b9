import ExampleSupport
import Glibc
import IMProtocol
import Synchronization
import ZCCluster
import ZCSBEServer

/// A node: a server of WebSocket connections, a hub, and an engine: on the server's loop where it has one, so
/// that a message and its answer wake no other thread, else on a loop of its own.
struct ImServer: ExampleServer {
    private let server: WebSocketServer
    private let engine: Engine
    private let node: ClusterNode
    private let presence: ClusterPresence
    private let hub: Hub
    /// What waits for signals where the server's loop has to go on behind its connections.
    private let waiting: EventLoopGroup?

    init(_ arguments: ImArguments) throws {
        let figures = Figures()
        let configuration = arguments.configuration
        let group = try EventLoopGroup(configuration.tcp.group)
        let sharesLoop = group.loops.count == 1
        let other = try EventLoopGroup(loops: 1, driver: arguments.driver)
        waiting = sharesLoop ? other : nil
        let engine = try Engine(arguments, sharesLoop ? group : other)
        self.engine = engine
        let node = try ClusterNode(engine.engine, ClusterOptions(name: arguments.node)) { event in
            engine.took(event)
        }
        self.node = node
        let hub = try Hub(arguments.node, node, group.loops, figures, sharesLoop: sharesLoop)
        self.hub = hub
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
        guard let waiting else {
            let signal = try server.run(until: signals, grace: grace)
            engine.stop(node, presence, grace: grace)
            return signal
        }
        let signal = try waiting.run(until: signals, grace: .zero)
        engine.retire()
        hub.closeAll()
        engine.stop(node, presence, grace: grace)
        return signal
    }
}
