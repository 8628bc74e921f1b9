package import ZCNet
package import ZCNetTesting
package import ZCNetWebSocket

/// A server and a client of links in one simulated network: on the two loops of one group, or on a loop each
/// of groups of their own, which end apart.
package final class LinkSite<Server, Client> {
    package let network: SimulatedNetwork
    /// The server's loops.
    package let group: EventLoopGroup
    /// The client's loops; the same group, where the two are not apart.
    package let clientGroup: EventLoopGroup
    package let server: Server
    package let client: Client
    package let log: LinkLog

    package convenience init(
        seed: UInt64, faults: SimulatedFaults, sending: SimulatedSending,
        _ build: (EventLoopGroup, LinkLog) throws -> (Server, Client)
    ) throws {
        try self.init(seed: seed, faults: faults, sending: sending, isApart: false) { group, _, log in
            try build(group, log)
        }
    }

    /// - Parameter build: is given the server's group and the client's.
    init(
        seed: UInt64, faults: SimulatedFaults, sending: SimulatedSending, isApart: Bool,
        _ build: (EventLoopGroup, EventLoopGroup, LinkLog) throws -> (Server, Client)
    ) throws {
        network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        group = try network.makeGroup(loops: isApart ? 1 : 2)
        clientGroup = isApart ? try network.makeGroup(loops: 1) : group
        log = LinkLog()
        (server, client) = try build(group, clientGroup, log)
        for group in groups { network.start(group) }
    }

    private var groups: [EventLoopGroup] { group === clientGroup ? [group] : [group, clientGroup] }

    /// The loops of both sides.
    var loops: [EventLoop] { groups.flatMap(\.loops) }

    /// What is there of them.
    var hosts: [ConnectionHost] { groups.flatMap(\.hosts) }

    /// Runs a caller's task on the client's loop, so that it is stepped as the loop is.
    @discardableResult
    package func task(_ name: String = "client", _ body: @escaping @Sendable () async throws -> Void)
        -> StartedTask
    {
        let started = StartedTask()
        let log = log
        let lane = clientGroup.loops[0].lane
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
}

/// What tasks write down. One thread in fact; a lock satisfies the compiler.
package final class LinkLog: Sendable {
    private let lines = Locked<[String]>([])

    package init() {}

    package func add(_ line: String) { lines.withLock { $0.append(line) } }

    package var all: [String] { lines.withLock { $0 } }

    package func count(of prefix: String) -> Int { all.count { $0.hasPrefix(prefix) } }
}

/// A caller's task.
package final class StartedTask: Sendable {
    package let task = Locked<Task<Void, Never>?>(nil)
    let isOver = Locked(false)

    package func cancel() { task.withLock { $0 }?.cancel() }

    package var hasEnded: Bool { isOver.withLock { $0 } }
}

/// Both sides speak WebSocket.
package typealias LinkPair = LinkSite<WebSocketServer, WebSocketLinkClient>

extension LinkPair {
    package convenience init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        isApart: Bool = false, configure: (inout WebSocketOptions) -> Void = { _ in },
        serve: @escaping @Sendable (WebSocketLink, LinkLog) async throws -> Void
    ) throws {
        try self.init(seed: seed, faults: faults, sending: sending, isApart: isApart) {
            group, clientGroup, log in
            var configuration = WebSocketServer.Configuration()
            configure(&configuration.options)
            configuration.tcp.acceptStrategy = .roundRobin
            let server = try WebSocketServer(
                on: "127.0.0.1:9001", configuration: configuration, group: group
            ) { try await serve($0, log) }
            var clientConfiguration = WebSocketClient.Configuration()
            configure(&clientConfiguration.options)
            return (server, try WebSocketLinkClient(clientConfiguration, group: clientGroup))
        }
    }

    package static var url: String { "ws://127.0.0.1:9001/" }
}

/// Both sides speak TCP.
package typealias TCPLinkPair = LinkSite<TCPServer, TCPLinkClient>

extension TCPLinkPair {
    package convenience init(
        seed: UInt64 = 1, faults: SimulatedFaults = .none, sending: SimulatedSending = .direct,
        isApart: Bool = false, configure: (inout ConnectionLimits) -> Void = { _ in },
        serve: @escaping @Sendable (TCPLink, LinkLog) async throws -> Void
    ) throws {
        try self.init(seed: seed, faults: faults, sending: sending, isApart: isApart) {
            group, clientGroup, log in
            var configuration = TCPServer.Configuration()
            configure(&configuration.connection)
            configuration.acceptStrategy = .roundRobin
            let server = try TCPServer(on: "127.0.0.1:9000", configuration: configuration, group: group) {
                try await serve($0, log)
            }
            var clientConfiguration = TCPClient.Configuration()
            configure(&clientConfiguration.connection)
            return (server, try TCPLinkClient(clientConfiguration, group: clientGroup))
        }
    }

    package static var endpoint: String { "127.0.0.1:9000" }
}
