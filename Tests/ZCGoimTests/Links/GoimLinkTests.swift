import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCGoim

/// Links of a goim server and of a goim client, over both transports.
@Suite struct GoimLinkTests {
    typealias Pair = LinkSite<GoimServer, GoimLinkClient>

    static let addresses = ["tcp://127.0.0.1:3101", "ws://127.0.0.1:3102/sub"]
    private static let token = GoimToken(mid: 7, room: "live://1", accepts: [GoimOperation(rawValue: 1000)])

    private func pair(
        authenticate: (@Sendable (GoimMessage) async -> GoimVerdict)? = nil,
        _ serve: @escaping @Sendable (GoimLink, LinkLog) async throws -> Void
    ) throws -> Pair {
        try Pair(seed: 1, faults: .none, sending: .direct) { group, log in
            var configuration = GoimServer.Configuration()
            configuration.tcp.acceptStrategy = .roundRobin
            configuration.webSocket.tcp.acceptStrategy = .roundRobin
            let server = try GoimServer(
                tcp: "127.0.0.1:3101", webSocket: "127.0.0.1:3102", configuration: configuration,
                group: group, authenticate: authenticate
            ) { link in
                do {
                    try await serve(link, log)
                    log.add("end")
                } catch {
                    log.add("server threw \(error)")
                    throw error
                }
            }
            return (server, try GoimLinkClient(group: group))
        }
    }

    private func finish(_ pair: Pair, _ task: StartedTask) throws {
        #expect(try pair.network.run { task.hasEnded })
        #expect(try pair.network.run { pair.group.hosts.allSatisfy { $0.connectionCount == 0 } })
        #expect(pair.group.hosts.allSatisfy { $0.auditMemory() == [] })
        pair.network.stop()
    }

    @Test(arguments: addresses) func bothSidesTakeAndSendInOrder(address: String) throws {
        let pair = try pair { link, log in
            log.add("\(link.mid) in \(link.room ?? "none")")
            // Answers that it forms itself are all that there are.
            try await link.forEach { proto in
                if proto.text == "stop" { return .stop }
                link.trySend(proto.header, proto.bytes)
                return .next
            }
            while let text = try await link.receive({ $0.text }) {
                try await link.send(GoimMessage(.sendMessage, "later " + text))
                if text == "4" { return }
            }
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: address, Self.token) { link in
                for text in ["1", "2", "stop", "3", "4"] {
                    try await link.send(GoimMessage(.sendMessage, text))
                }
                for try await message in link.messages { log.add(message.text) }
            }
        }
        try finish(pair, task)
        let lines = pair.log.all
        #expect(lines.first == "7 in live://1" && lines.contains("end") && lines.last == "client done")
        #expect(lines.filter { $0.count < 3 || $0.hasPrefix("later") } == ["1", "2", "later 3", "later 4"])
    }

    /// What a busy task has not taken waits here up to the limit, and then at the peer; heartbeats that are
    /// not read for that are not missed.
    @Test func aBusyTaskHoldsItsPeerBack() throws {
        let pair = try pair { link, log in
            _ = try await link.next()
            try await link.pause(.seconds(300))
            var count = 0
            while let message = try await link.next(), message.body.count == 1000 { count += 1 }
            log.add("took \(count)")
        }
        let peer = pair.network.connect(to: try #require(pair.server.tcpAddress))
        peer.send(NaiveProto(7, 1, "{}").bytes())
        peer.send(NaiveProto(4, 2, "go").bytes())
        let proto = NaiveProto(4, 3, [UInt8](repeating: 1, count: 1000)).bytes()
        for _ in 0..<1000 { peer.send(proto) }
        peer.send(NaiveProto(4, 4, "end").bytes())
        try pair.network.run(for: .seconds(200))
        #expect(peer.sentCount < 400_000, "the peer is not read from")
        #expect(pair.group.hosts.contains { $0.budget[.queues] > 10_000 })
        #expect(pair.group.hosts.allSatisfy { $0.auditMemory() == [] })
        #expect(try pair.network.run { peer.isOver })
        #expect(pair.log.all == ["took 1000", "end"])
        #expect(pair.group.hosts.allSatisfy { $0.auditMemory() == [] && $0.budget[.queues] == 0 })
        pair.network.stop()
    }

    /// What a scope has sent is out when it ends, however slowly it is taken.
    @Test(arguments: addresses) func leavingLosesNothingThatWasSent(address: String) throws {
        let pair = try pair { link, _ in
            let body = SharedBytes(copying: [UInt8](repeating: 7, count: 4000))
            for number in 0..<300 {
                let header = GoimHeader(.sendMessage, sequence: Int32(number))
                try await link.send(GoimMessage(header, body: body))
            }
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: address, Self.token) { link in
                var next: Int32 = 0
                while let message = try await link.next() {
                    let isRight = message.header.sequence == next && message.body.count == 4000
                    if !isRight { log.add("not \(next)") }
                    next += 1
                    if next % 50 == 0 { try await link.pause(.seconds(1)) }
                }
                log.add("took \(next)")
            }
        }
        try finish(pair, task)
        #expect(pair.log.all.filter { $0 != "end" } == ["took 300", "client done"])
    }

    @Test(arguments: [false, true]) func aShutdownLetsTasksSayTheirLast(isWebSocket: Bool) throws {
        let pair = try pair { link, _ in
            while let message = try await link.next() { try await link.send(message) }
            try await link.pause(.milliseconds(200))
            try await link.send(GoimMessage(.sendMessage, "goodbye"))
        }
        let protos = [NaiveProto(7, 1, "{}").bytes(), NaiveProto(4, 2, "hello").bytes()]
        let received: () -> [UInt8]
        let peer: SimulatedPeer
        if isWebSocket {
            let address = try #require(pair.server.webSocketAddress)
            let socket = SimulatedWebSocket(pair.network, to: address, path: "/sub")
            for proto in protos { socket.send(binary: proto) }
            received = {
                socket.messages.flatMap { if case .binary(let bytes) = $0 { bytes } else { [UInt8]() } }
            }
            peer = socket.peer
        } else {
            let connected = pair.network.connect(to: try #require(pair.server.tcpAddress))
            for proto in protos { connected.send(proto) }
            (received, peer) = ({ connected.received }, connected)
        }
        func texts() -> String { String(decoding: received().filter { $0 > 96 && $0 < 123 }, as: UTF8.self) }
        #expect(try pair.network.run { texts() == "hello" })
        pair.server.shutdown(grace: .seconds(5))
        #expect(try pair.network.run { peer.isOver })
        #expect(texts() == "hellogoodbye" && pair.log.all == ["end"])
        #expect(pair.network.elapsed < .seconds(2))
        pair.network.stop()
    }

    /// A wait that is given up takes nothing away, neither by cancellation nor by its time.
    @Test(arguments: addresses) func givingUpTearsNothing(address: String) throws {
        let pair = try pair { link, log in
            do {
                _ = try await link.next(within: .milliseconds(50))
            } catch let error as LinkError {
                log.add("late \(error.code == .timedOut)")
            }
            for number in 0..<3 { try await link.send(GoimMessage(.sendMessage, "\(number)")) }
            while let message = try await link.next() { log.add("server took \(message.text)") }
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: address, Self.token) { link in
                do {
                    while let message = try await link.next() { log.add(message.text) }
                    log.add("nothing more")
                } catch is CancellationError {
                    // What was accepted before is sent; what is said afterwards is not accepted.
                    log.add("cancelled \(link.trySend(GoimHeader(.sendMessage), "last").isAccepted)")
                    do { try await link.send(GoimMessage(.sendMessage, "more")) } catch { log.add("refused") }
                    throw CancellationError()
                }
            }
        }
        #expect(try pair.network.run { pair.log.all.contains("2") })
        task.cancel()
        try finish(pair, task)
        let expected = [
            "late true", "0", "1", "2", "cancelled true", "refused", "server took last", "end",
            "client threw CancellationError()",
        ]
        #expect(Set(pair.log.all) == Set(expected) && pair.log.all.count == expected.count, "\(pair.log.all)")
    }

    @Test(arguments: addresses) func whoComesInIsDecidedByATask(address: String) throws {
        let pair = try pair(authenticate: { request in
            await Task.yield()
            guard request.text.contains("\"mid\":7") || request.text.contains("\"mid\": 7") else {
                return .refuse("not you")
            }
            return .accept(GoimIdentity(mid: 70, key: "seven"))
        }) { link, log in
            log.add("\(link.key) \(link.mid)")
            while try await link.next() != nil {}
        }
        let client = pair.client
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: address, Self.token) { _ in log.add("in") }
            do {
                try await client.withLink(to: address, GoimToken(mid: 8)) { _ in log.add("in") }
            } catch is GoimConnectError {
                log.add("kept out")
            }
        }
        try finish(pair, task)
        #expect(pair.log.all.contains("seven 70") && pair.log.count(of: "in") == 1)
        #expect(pair.log.all.contains("kept out"), "\(pair.log.all)")
    }

    /// Heartbeats go on while both tasks sleep, and a push to the room comes as a message.
    @Test(arguments: addresses) func theSessionGoesOnMeanwhile(address: String) throws {
        let pair = try pair { link, log in
            try await link.pause(.seconds(600))
            log.add("online \(link.room ?? "none")")
        }
        let (client, hub) = (pair.client, pair.server.hub)
        let task = pair.task { [log = pair.log] in
            try await client.withLink(to: address, Self.token) { link in
                try await link.pause(.seconds(400))
                hub.push(GoimMessage(GoimOperation(rawValue: 1000), "news"), toRoom: "live://1")
                while let message = try await link.next() { log.add(message.text) }
            }
        }
        try finish(pair, task)
        #expect(pair.log.all.filter { $0 != "end" } == ["news", "online live://1", "client done"])
    }
}
