import ZCNet
import ZCNetWebSocket

/// What a scenario asks of a server.
protocol CountedServer: Sendable {
    var address: SocketAddress { get }
    var group: EventLoopGroup { get }
    func start() throws(SystemError)
    func shutdown(grace: Duration)
    func wait()
    func snapshot() -> MetricsSnapshot
}

extension TCPServer: CountedServer {}
extension WebSocketServer: CountedServer {}
