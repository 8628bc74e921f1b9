package import ZCNet
package import ZCNetTesting
package import ZCNetWebSocket

/// A server and a client of links in one simulated network, each on a loop of its own.
package final class LinkPair {
    package let network: SimulatedNetwork
    package let group: EventLoopGroup
    package let server: WebSocketServer
    package let client: WebSocketLinkClient
    package let log = Log()

    /// What tasks write down. One thread in fact; a lock satisfies the compiler.
    package final class Log: Sendable {
        private let lines = Locked<[String]>([])
        package func add(_ line: String) { lines.withLock { $0.append(line) } }
        package var all: [String] { lines.withLock { $0 } }
        package func count(of prefix: String) -> Int { all.count { $0.hasPrefix(prefix) } }
    }

    package init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        configure: (inout WebSocketOptions) -> Void = { _ in },
        serve: @escaping @Sendable (WebSocketLink, Log) async throws -> Void
    ) throws {
        network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        group = try network.makeGroup(loops: 2)
        var configuration = WebSocketServer.Configuration()
        configure(&configuration.options)
        configuration.tcp.acceptStrategy = .roundRobin
        let log = log
        server = try WebSocketServer(on: "127.0.0.1:9001", configuration: configuration, group: group) {
            try await serve($0, log)
        }
        var clientConfiguration = WebSocketClient.Configuration()
        configure(&clientConfiguration.options)
        client = try WebSocketLinkClient(clientConfiguration, group: group)
        network.start(group)
    }

    package static let url = "ws://127.0.0.1:9001/"

    /// Runs a caller's task on the client's loop, so that it is stepped as the loop is.
    @discardableResult
    package func task(_ name: String = "client", _ body: @escaping @Sendable () async throws -> Void)
        -> Started
    {
        let started = Started()
        let log = log
        let lane = group.loops[0].lane
        started.task.withLock {
            $0 = Task(executorPreference: lane) {
                do {
                    try await body()
                    log.add("\(name) done")
                } catch {
                    log.add("\(name) threw \(error)")
                }
                started.isOver.withLock { $0 = true }
            }
        }
        return started
    }

    /// A caller's task.
    package final class Started: Sendable {
        package let task = Locked<Task<Void, Never>?>(nil)
        let isOver = Locked(false)

        package func cancel() { task.withLock { $0 }?.cancel() }
        package var hasEnded: Bool { isOver.withLock { $0 } }
    }
}
