import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Tasks on a loop: what they may not do, and what they cannot do to others.
@Suite struct LinkLaneTests {
    @Test func aSecondReaderTraps() async {
        await #expect(processExitsWith: .failure) {
            let pair = try? LinkPair { link, _ in
                try await link.both { link in
                    _ = try await link.next()
                } sending: { link in
                    _ = try await link.next()
                }
            }
            guard let pair else { return }
            let client = pair.client
            pair.task { try await client.withLink(to: LinkPair.url) { _ = try await $0.next() } }
            _ = try? pair.network.run(turnsMax: 1000) { false }
        }
    }

    @Test func aLinkAwayFromItsLoopTraps() async {
        await #expect(processExitsWith: .failure) {
            let pair = try? LinkPair { link, _ in
                await withTaskExecutorPreference(globalConcurrentExecutor) { _ = link.trySend("x") }
            }
            guard let pair else { return }
            let client = pair.client
            pair.task { try await client.withLink(to: LinkPair.url) { _ = try await $0.next() } }
            // For as long as the other thread takes to get there.
            while (try? pair.network.run(turnsMax: 1000) { pair.log.all.count > 0 }) == false {}
        }
    }

    /// Tasks that are always ready have one job each in a turn.
    @Test func tasksThatYieldForEverHoldNobody() throws {
        let site = try SimulatedSite(routes: { routes, log in
            routes.link("/spin") { link in
                log.add("spins")
                while log.count(of: "enough") == 0 { await Task.yield() }
            }
            routes.link("/echo") { link in
                for try await message in link.messages { try await link.send(message) }
            }
        })
        let spinning = site.connect("/spin")
        try site.run("spinning") { site.log.count(of: "spins") == 1 }
        let client = site.connect("/echo")
        client.send("still there")
        try site.run("an echo") { client.messages == [.text("still there")] }
        site.log.add("enough")
        try site.run("the end") { spinning.peer.isOver }
        site.network.stop()
    }

    /// A task that holds its loop is told of as a callback is.
    @Test func aSlowJobIsASlowCallback() async throws {
        final class Watch: Observer {
            let slow = Locked(0)
            func callbackWasSlow(_ id: ConnectionID?, loop: Int, took: Duration) {
                if id == nil { slow.withLock { $0 += 1 } }
            }
        }
        let watch = Watch()
        var configuration = WebSocketServer.Configuration()
        configuration.tcp.group.loops = 1
        configuration.tcp.group.observer = watch
        configuration.tcp.group.limits.slowCallback = .milliseconds(20)
        let server = try WebSocketServer(on: "127.0.0.1:0", configuration: configuration) { link in
            await Task.yield()
            let begin = ContinuousClock.now
            while ContinuousClock.now - begin < .milliseconds(60) {}
        }
        try server.start()
        let client = try WebSocketLinkClient()
        try client.start()
        try await client.withLink(to: "ws://\(server.address)/") { link in _ = try await link.next() }
        client.shutdown()
        server.shutdown()
        client.wait()
        server.wait()
        #expect(watch.slow.withLock { $0 } >= 1)
    }

    /// What is left of a task when its loop has ended goes on elsewhere, and finds its link closed.
    @Test func aTaskThatOutlivesItsLoopFindsTheLinkClosed() async throws {
        let over = TaskSignal()
        let mayGoOn = TaskSignal()
        let found = Locked<[String]>([])
        let server = try WebSocketServer(on: "127.0.0.1:0") { link in
            defer { over.signal() }
            // Waits for somebody else, and does not mind being cancelled.
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                await Task.detached { await mayGoOn.wait() }.value
            }
            found.withLock { $0.append("\(link.trySend("late"))") }
            let next = try? await link.next()
            found.withLock { $0.append(next == nil ? "nothing" : "something") }
        }
        try server.start()
        let client = try WebSocketLinkClient()
        try client.start()
        let address = server.address
        let asking = Task {
            try await client.withLink(to: "ws://\(address)/") { link in
                while try await link.next() != nil {}
            }
        }
        while server.webSocketSnapshot()[.conversations] == 0 { await Task.yield() }
        server.shutdown(grace: .milliseconds(10))
        server.wait()
        mayGoOn.signal()
        await over.wait()
        #expect(found.withLock { $0 } == ["closed", "nothing"])
        _ = try? await asking.value
        client.shutdown()
        client.wait()
    }

    /// Two activities of one link that outlive its loop still take turns: the link has no lock.
    @Test func activitiesThatOutliveTheirLoopTakeTurns() async throws {
        let over = TaskSignal()
        let mayGoOn = AwaitableGate()
        let crowd = Locked((inside: 0, most: 0))
        @Sendable func steps(_ link: WebSocketLink) async throws {
            await withTaskExecutorPreference(globalConcurrentExecutor) { await mayGoOn.wait() }
            for _ in 0..<300 {
                crowd.withLock { crowd in
                    crowd.inside += 1
                    crowd.most = max(crowd.most, crowd.inside)
                }
                // Long enough to be met by the other one, if it could.
                let end = ContinuousClock.now + .microseconds(200)
                while ContinuousClock.now < end { link.trySend("late") }
                crowd.withLock { $0.inside -= 1 }
                await Task.yield()
            }
        }
        let server = try WebSocketServer(on: "127.0.0.1:0") { link in
            defer { over.signal() }
            try await link.both(receiving: steps, sending: steps)
        }
        try server.start()
        let client = try WebSocketLinkClient()
        try client.start()
        let address = server.address
        let asking = Task {
            try await client.withLink(to: "ws://\(address)/") { link in
                while try await link.next() != nil {}
            }
        }
        while mayGoOn.count < 2 { await Task.yield() }
        server.shutdown(grace: .milliseconds(10))
        server.wait()
        mayGoOn.open()
        await over.wait()
        #expect(crowd.withLock { $0.most } == 1)
        _ = try? await asking.value
        client.shutdown()
        client.wait()
    }
}

/// What several tasks wait at, cancelled or not, until it is opened.
private final class AwaitableGate: Sendable {
    private let state = Locked((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

    /// How many wait.
    var count: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
