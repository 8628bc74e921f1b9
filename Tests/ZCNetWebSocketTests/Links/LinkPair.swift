import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// A server and a client of links in one simulated network, each on a loop of its own.
final class LinkPair {
    let network: SimulatedNetwork
    let group: EventLoopGroup
    let server: WebSocketServer
    let client: WebSocketLinkClient
    let log = SimulatedSite.Log()

    init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        configure: (inout WebSocketOptions) -> Void = { _ in },
        serve: @escaping @Sendable (WebSocketLink, SimulatedSite.Log) async throws -> Void
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

    static let url = "ws://127.0.0.1:9001/"

    /// Runs a caller's task on the client's loop, so that it is stepped as the loop is.
    @discardableResult
    func task(_ name: String = "client", _ body: @escaping @Sendable () async throws -> Void) -> Started {
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
    final class Started: Sendable {
        let task = Locked<Task<Void, Never>?>(nil)
        let isOver = Locked(false)

        func cancel() { task.withLock { $0 }?.cancel() }
        var hasEnded: Bool { isOver.withLock { $0 } }
    }
}
