import ExampleSupport
import ZCNetWebSocket

let options = NodeOptions()
serveUntilSignal {
    let name = options.name
    let routes = WebSocketRoutes { routes in
        routes.webSocket("/ws") { Greeter(name: name) }
        // What a balancer's check and a container's probes ask.
        routes.get("/healthz") { _ in HTTPResponse(status: 200, text: "fine\n") }
        routes.get("/whoami") { head in
            HTTPResponse(status: 200, text: "\(name) sees \(head.remoteAddress) by \(head.peerAddress)\n")
        }
        routes.metrics()
        routes.varz()
    }
    return try WebSocketServer(
        on: try options.address, configuration: options.configuration, routes: routes)
}
