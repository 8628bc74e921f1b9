import Glibc
import ZCNetWebSocket

/// Serves until SIGINT or SIGTERM comes, then shuts down in good order; ends with status 1 where a loop could
/// not go on.
public func serveUntilSignal(_ makeServer: () throws -> some ExampleServer) {
    do {
        let server = try makeServer()
        try server.start()
        say("listening on \(server.address)")
        try server.run(until: .interruptOrTerminate, grace: .seconds(5))
        if LoopWatch.shared.hasFailed { exit(1) }
    } catch {
        fail("\(error)")
    }
}

/// What `serveUntilSignal` asks of a server.
public protocol ExampleServer {
    /// Where it listens.
    var address: SocketAddress { get }
    /// Begins to serve.
    func start() throws(SystemError)
    /// Serves until one of the signals comes, and ends in good order.
    @discardableResult
    func run(until signals: StopSignals, grace: Duration) throws -> Int32?
}

extension TCPServer: ExampleServer {}
extension WebSocketServer: ExampleServer {}
