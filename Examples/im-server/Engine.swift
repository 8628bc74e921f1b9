import ExampleSupport
import Glibc
import Synchronization
import ZCCluster
import ZCNATS
import ZCSBEServer

/// What the node keeps things through, and its beginning and end: servers of NATS, or this process alone.
final class Engine: Sendable {
    let engine: any ClusterEngine
    private let nats: NATSEngine?
    private let kept: KeptEngine?
    /// The loops that the engine is on.
    private let group: EventLoopGroup
    private let readiness = Atomic<Bool>(false)
    private let isStopping = Atomic<Bool>(false)

    /// - Parameter group: loops to share with a server, not yet started.
    init(_ arguments: ImArguments, _ group: EventLoopGroup) throws {
        self.group = group
        if !arguments.servers.isEmpty {
            var servers = NATSOptions()
            servers.servers = arguments.servers
            var options = NATSEngineOptions()
            options.prefix = "im"
            options.replicas = arguments.replicas
            let nats = try NATSEngine(servers, options, group: group)
            (engine, self.nats, kept) = (nats, nats, nil)
        } else if let folder = arguments.folder {
            let kept = try KeptEngine(LocalEngine(group, bytesMax: 1 << 30), in: folder) { error in
                say("im-server: \(error)", to: STDERR_FILENO)
                kill(getpid(), SIGTERM)
            }
            (engine, nats, self.kept) = (kept, nil, kept)
        } else {
            (engine, nats, kept) = (LocalEngine(group, bytesMax: 1 << 30), nil, nil)
        }
    }

    /// Whether the node has its place in the cluster: somebody leads the channels.
    var isReady: Bool { readiness.load(ordering: .acquiring) }

    /// Begins, and returns at once. Where no server of NATS has come for as long as `NATSEngine.connect`
    /// asks, the node ends, for whoever watches it to begin it anew.
    func start(_ node: ClusterNode) throws(SystemError) {
        try group.start()
        Task.detached { [self] in
            do {
                try await nats?.connect()
                try await kept?.start()
                node.start()
            } catch {
                ends("\(error)")
            }
        }
    }

    /// What happens to the node.
    func took(_ event: ClusterEvent) {
        switch event {
        case .joined, .leads: readiness.store(true, ordering: .releasing)
        case .ignored(let error): say("im-server: passed over: \(error)", to: STDERR_FILENO)
        case .broken(let channel, let error): say("im-server: \(channel): \(error)", to: STDERR_FILENO)
        case .ended(let error): ends("\(error)")
        }
    }

    /// A node that cannot go on is ended, so that whoever watches it begins it anew.
    private func ends(_ reason: String) {
        readiness.store(false, ordering: .releasing)
        if isStopping.load(ordering: .acquiring) { return }
        say("im-server: the node has ended: \(reason)", to: STDERR_FILENO)
        kill(getpid(), SIGTERM)
    }

    /// Takes nobody any more.
    func retire() {
        isStopping.store(true, ordering: .releasing)
        readiness.store(false, ordering: .releasing)
    }

    /// Waits until what is on its way is stored, says that everybody here is gone, hands over, and waits for
    /// the end.
    func stop(_ node: ClusterNode, _ presence: ClusterPresence, grace: Duration) {
        retire()
        let end = ContinuousClock.now + grace
        Task.detached { [self] in
            while await !isIdle(node) && ContinuousClock.now < end {
                try? await Task.sleep(for: .milliseconds(10))
            }
            presence.stop()
            await node.stop()
            await kept?.close()
            group.shutdown(grace: .seconds(1))
        }
        group.wait()
    }

    private func isIdle(_ node: ClusterNode) async -> Bool {
        await withCheckedContinuation { continuation in
            let isPosted = engine.perform { continuation.resume(returning: node.isIdle) }
            if !isPosted { continuation.resume(returning: true) }
        }
    }
}
