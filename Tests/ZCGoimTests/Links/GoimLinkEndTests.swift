import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

@testable import ZCGoim

/// How goim links begin and end where something is in the way.
@Suite struct GoimLinkEndTests {
    private static let token = GoimToken(mid: 7, room: "live://1", accepts: [])

    /// A server that is met for as long as it takes to let somebody in: nobody answers, somebody takes the
    /// connection and says nothing, or the server itself takes its time.
    enum Server: CaseIterable {
        case lost, silent, slow
    }

    /// Whoever is cancelled before he is let in waits no longer, and what is under way ends.
    @Test(arguments: GoimLinkTests.addresses, Server.allCases)
    func connectingIsCancelled(address: String, kind: Server) throws {
        var faults = SimulatedFaults.none
        if kind == .lost { faults.lostConnects = 1 }
        let network = SimulatedNetwork(seed: 1, faults: faults)
        let group = try network.makeGroup()
        let client = try GoimLinkClient(group: group)
        var server: GoimServer?
        if kind == .slow {
            server = try GoimServer(
                tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102", group: group,
                authenticate: { _ in
                    while !Task.isCancelled { await Task.yield() }
                    return .refuse("nobody waits")
                }
            ) { _ in }
        }
        network.start(group)
        if kind == .silent {
            for port: UInt16 in [3101, 3102] { network.answer(at: .ip(.loopbackV4, port: port)) { _ in } }
        }
        let log = LinkLog()
        let task = Task(executorPreference: group.loops[0].lane) {
            do {
                try await client.withLink(to: address, Self.token) { _ in log.add("open") }
            } catch let error as GoimConnectError {
                log.add("\(error)")
            }
        }
        try network.run(for: .milliseconds(5))
        #expect(log.all.isEmpty)
        task.cancel()
        #expect(try network.run(turnsMax: 5000) { log.all.count == 1 })
        #expect(log.all == ["\(address): cancelled"])
        #expect(network.elapsed < .milliseconds(20))
        #expect(try network.run(turnsMax: 20_000) { group.hosts[0].connectionCount == 0 })
        _ = server
        network.stop()
    }

    /// In whatever moment it is: cancelled before it is let in, or with its link; neither hangs, nor is
    /// anything left.
    @Test(arguments: GoimLinkTests.addresses) func everyMomentIsOneToBeCancelledIn(address: String) throws {
        var openings = 0
        for micros in stride(from: 0, to: 400, by: 4) {
            let network = SimulatedNetwork(seed: UInt64(micros))
            let group = try network.makeGroup(loops: 2)
            let client = try GoimLinkClient(group: group)
            let server = try GoimServer(
                tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102", group: group
            ) { link in while try await link.next() != nil {} }
            network.start(group)
            let log = LinkLog()
            let task = Task(executorPreference: group.loops[0].lane) {
                do {
                    try await client.withLink(to: address, Self.token) { link in
                        log.add("open")
                        _ = try await link.next()
                    }
                } catch { log.add("over") }
            }
            if micros > 0 { try network.run(for: .microseconds(micros)) }
            task.cancel()
            let isEmpty = try network.run(turnsMax: 20_000) {
                log.count(of: "over") == 1 && group.hosts.allSatisfy { $0.connectionCount == 0 }
            }
            #expect(isEmpty, "\(micros) µs: \(log.all)")
            openings += log.count(of: "open")
            _ = server
            network.stop()
        }
        #expect((1..<100).contains(openings), "some were in, and some were not: \(openings)")
    }

    /// Bytes that were cut off are an error of the client's scope, though it had begun to end the connection.
    @Test(arguments: [false, true]) func whatWasCutOffIsAnError(isShutdown: Bool) throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (4096, 4096, 1000)
        let network = SimulatedNetwork(seed: 1, faults: faults)
        let group = try network.makeGroup()
        let client = try GoimLinkClient(group: group)
        network.start(group)
        var peer: SimulatedPeer?
        network.answer(at: .ip(.loopbackV4, port: 3101)) { stranger in
            peer = stranger
            stranger.onReceive = {
                stranger.onReceive = nil
                stranger.send(NaiveProto(8, 1, "{}").bytes())
                stranger.pauseReading()
            }
        }
        let log = LinkLog()
        let task = Task(executorPreference: group.loops[0].lane) {
            do {
                try await client.withLink(to: "tcp://127.0.0.1:3101", Self.token) { link in
                    let (header, text) = (GoimHeader(.sendMessage), String(repeating: "x", count: 2000))
                    for _ in 0..<50 { link.trySend(header, text) }
                    log.add("sent")
                }
                log.add("done")
            } catch let error as LinkError {
                log.add("\(error.code == .lost)")
            }
        }
        #expect(try network.run { log.all == ["sent"] })
        try network.run(for: .milliseconds(100))
        #expect(log.all == ["sent"])
        if isShutdown { client.shutdown(grace: .milliseconds(100)) } else { peer?.reset() }
        #expect(try network.run { log.all.count == 2 })
        #expect(log.all == ["sent", "true"])
        _ = task
        network.stop()
    }
}
