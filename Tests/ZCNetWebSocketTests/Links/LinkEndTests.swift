import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Ends of links: whatever a task is doing when its loop is to end, and connections that end badly.
@Suite struct LinkEndTests {
    /// What a task is doing when it is to come to an end.
    enum Doing: CaseIterable {
        case receiving, calling, sending, pausing, both, yielding, draining, finishing, nested
    }

    private static func narrow() -> SimulatedFaults {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (4096, 4096, 4096)
        return faults
    }

    private static func fill(_ link: WebSocketLink) async throws {
        let bytes = String(repeating: "x", count: 50_000)
        for _ in 0..<1000 { try await link.send(bytes) }
    }

    private static func act(_ link: WebSocketLink, _ doing: Doing) async throws {
        switch doing {
        case .receiving: while try await link.next() != nil {}
        case .calling: try await link.forEach { _ in .next }
        case .sending: try await fill(link)
        case .pausing: try await link.pause(.seconds(10_000))
        case .both:
            try await link.both { link in
                while try await link.next() != nil {}
            } sending: { link in
                try await fill(link)
            }
        case .yielding:
            while !Task.isCancelled && link.closeReason == nil {
                for _ in 0..<10 { await Task.yield() }
                try? await link.pause(.milliseconds(2))
            }
        case .draining: for _ in 0..<10 { link.trySend(String(repeating: "x", count: 50_000)) }
        case .finishing: link.close(.goingAway)
        case .nested:
            try await link.both { link in
                try await link.both { link in
                    while try await link.next() != nil {}
                } sending: { link in
                    try await link.pause(.seconds(10_000))
                }
            } sending: { link in
                try await fill(link)
            }
        }
    }

    /// A shutdown in every state, of both sides or of one, gentle or at once: the tasks end within the grace
    /// and the loops' patience, and nothing is left.
    @Test(arguments: Doing.allCases, [0, 1, 2]) func aShutdownEndsEverything(doing: Doing, who: Int) throws {
        for grace in [Duration.zero, .milliseconds(300)] {
            let pair = try LinkPair(faults: Self.narrow()) { link, log in
                defer { log.add("server's end") }
                log.add("begin")
                if who == 0 {
                    try await Self.act(link, doing)
                } else {
                    try await link.pause(.seconds(10_000))
                }
            }
            let client = pair.client
            let task = pair.task { [log = pair.log] in
                try await client.withLink(to: LinkPair.url) { link in
                    log.add("begin")
                    if who > 0 {
                        try await Self.act(link, doing)
                    } else {
                        try await link.pause(.seconds(10_000))
                    }
                }
            }
            #expect(try pair.network.run { pair.log.count(of: "begin") == 2 })
            try pair.network.run(for: .milliseconds(who == 2 ? 0 : 5))
            let begin = pair.network.elapsed
            pair.group.shutdown(grace: grace)
            let isOver = try pair.network.run { pair.group.hosts.allSatisfy { $0.loop.tenant == nil } }
            #expect(isOver, "\(doing): the loops end")
            #expect(pair.network.elapsed - begin < grace + .seconds(2), "\(doing): in time")
            #expect(task.hasEnded, "\(doing): \(pair.log.all)")
            #expect(pair.log.count(of: "server's end") == 1, "\(doing): \(pair.log.all)")
            pair.network.stop()
        }
    }

    // MARK: TCP

    /// A client's scope whose bytes were cut off says so, though it was the client who had begun to end the
    /// connection: by the peer's reset, by its silence, and by its own shutdown.
    @Test(arguments: ["reset", "silence", "shutdown"]) func whatWasCutOffIsAnError(how: String) throws {
        let network = SimulatedNetwork(seed: 1, faults: Self.narrow())
        let group = try network.makeGroup()
        let client = try TCPLinkClient(group: group)
        network.start(group)
        var peer: SimulatedPeer?
        network.answer(at: .ip(.loopbackV4, port: 9002)) {
            $0.pauseReading()
            peer = $0
        }
        let log = LinkLog()
        let task = Task(executorPreference: group.loops[0].lane) {
            do {
                try await client.withLink(to: "127.0.0.1:9002") { link in
                    _ = link.trySend(String(repeating: "x", count: 100_000))
                }
                log.add("done")
            } catch let error as LinkError {
                log.add("\(error.code == .lost)")
            }
        }
        try network.run(for: .milliseconds(100))
        #expect(log.all.isEmpty)
        switch how {
        case "reset": peer?.reset()
        case "shutdown": client.shutdown(grace: .milliseconds(100))
        default: break
        }
        #expect(try network.run { log.all.count == 1 })
        #expect(log.all == ["true"], "\(how)")
        _ = task
        network.stop()
    }

    // MARK: Connecting

    /// Whoever is cancelled while he waits for his link waits no longer; what comes up later ends.
    @Test(arguments: ["tcp", "ws"], [false, true]) func connectingIsCancelled(how: String, isUp: Bool) throws
    {
        var faults = SimulatedFaults.none
        // An attempt that nobody answers, or a server that takes the connection and says nothing.
        if !isUp { faults.lostConnects = 1 }
        let network = SimulatedNetwork(seed: 1, faults: faults)
        let group = try network.makeGroup()
        let (tcp, webSocket) = (try TCPLinkClient(group: group), try WebSocketLinkClient(group: group))
        network.start(group)
        var peers: [SimulatedPeer] = []
        network.answer(at: .ip(.loopbackV4, port: 9002)) { peers.append($0) }
        let log = LinkLog()
        let task = Task(executorPreference: group.loops[0].lane) {
            do {
                if how == "tcp" {
                    try await tcp.withLink(to: "127.0.0.1:9002") { link in
                        log.add("open")
                        _ = try await link.next()
                    }
                } else {
                    try await webSocket.withLink(to: "ws://127.0.0.1:9002/") { _ in log.add("open") }
                }
            } catch let error as ConnectError {
                log.add("\(error.cause == .cancelled)")
            } catch let error as WebSocketConnectError {
                log.add("\(error.cause == .cancelled)")
            } catch {
                log.add("\(error)")
            }
        }
        try network.run(for: .milliseconds(10))
        task.cancel()
        #expect(try network.run { log.all.count == (how == "tcp" && isUp ? 2 : 1) })
        #expect(network.elapsed < .milliseconds(50))
        let expected = how == "tcp" && isUp ? ["open", "CancellationError()"] : ["true"]
        #expect(log.all == expected)
        #expect(try network.run { group.hosts[0].connectionCount == 0 && peers.allSatisfy(\.isOver) })
        network.stop()
    }

    /// The same before anything was begun, and when the connection comes up in that moment.
    @Test func whoWasCancelledBeforeGetsNoLink() throws {
        for micros in 0..<80 {
            let network = SimulatedNetwork(seed: 1)
            let group = try network.makeGroup()
            let client = try TCPLinkClient(group: group)
            let server = try TCPServer(on: "127.0.0.1:9000", group: group) { link in
                while try await link.next() != nil {}
            }
            network.start(group)
            let log = LinkLog()
            let task = Task(executorPreference: group.loops[0].lane) {
                do {
                    try await client.withLink(to: "127.0.0.1:9000") { _ = try await $0.next() }
                } catch { log.add("over") }
            }
            if micros > 0 { try network.run(for: .microseconds(micros)) }
            task.cancel()
            #expect(try network.run { log.all == ["over"] && group.hosts[0].connectionCount == 0 })
            #expect(network.elapsed < .milliseconds(5))
            _ = server
            network.stop()
        }
    }
}
