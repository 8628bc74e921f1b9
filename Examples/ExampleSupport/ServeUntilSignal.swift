import Glibc
import ZCNetWebSocket

/// Serves until SIGINT or SIGTERM comes, then shuts down in good order; ends with status 1 where a loop could
/// not go on.
///
/// The library installs no signal handlers; this is how an application may. The signals are blocked before
/// the loops' threads exist, so that they inherit the mask and only this thread sees them.
public func serveUntilSignal(_ makeServer: () throws -> some ExampleServer) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    do {
        let server = try makeServer()
        try server.start()
        say("listening on \(server.address)")
        var received: Int32 = 0
        sigwait(&signals, &received)
        server.shutdown(grace: .seconds(5))
        server.wait()
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
    /// Ends in good order.
    func shutdown(grace: Duration)
    /// Waits for the end.
    func wait()
}

extension TCPServer: ExampleServer {}
extension WebSocketServer: ExampleServer {}
