import Testing
import ZCProto

@testable import ZCNet

/// Whoever is told `full` is told when trying again makes sense: goim over both transports, and gateways.
@Suite struct RefusalTests {
    /// How messages are sent.
    enum Way: CaseIterable, Sendable { case own, remote, keyed }

    /// Sends numbered messages in order; behind a refusal it waits for `onWritable`.
    final class Sender: Sendable {
        static let total = 25

        struct State {
            var sent: [ConnectionID: Int] = [:]
            var overflows = 0
            var otherEnds: [String] = []
            var refusals = 0
        }

        private let state = Locked(State())

        var now: State { state.withLock { $0 } }

        static func text(_ number: Int) -> String { "\(number) " + String(repeating: "x", count: 1500) }

        func next(_ id: ConnectionID) -> Int? {
            state.withLock { state in
                let number = state.sent[id, default: 0]
                return number < Self.total ? number : nil
            }
        }

        func take(_ result: SendResult, _ id: ConnectionID) -> Bool {
            state.withLock { state in
                if result.isAccepted { state.sent[id, default: 0] += 1 }
                if result == .full { state.refusals += 1 }
            }
            return result.isAccepted
        }

        func ended(isOverflow: Bool, _ reason: String) {
            state.withLock { state in
                if isOverflow { state.overflows += 1 } else { state.otherEnds.append(reason) }
            }
        }
    }

    /// Lets everybody in; whoever says something is sent everything.
    private struct Source: GoimHandler {
        let sender: Sender
        let way: Way

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { .accept(GoimIdentity(mid: 1)) }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            peer.withholdReply()
            goOn(peer)
        }

        mutating func onWritable(_ peer: inout GoimPeer) { goOn(peer) }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            sender.ended(isOverflow: reason.cause == .connection(.overflow), "\(reason)")
        }

        private func goOn(_ peer: borrowing GoimPeer) {
            if way == .remote { return Self.goOn(peer.remote, sender) }
            while let number = sender.next(peer.id) {
                let message = GoimMessage(.sendMessage, Sender.text(number))
                let result = way == .own ? peer.send(message) : peer.send(message, conflatingKey: 1)
                if !sender.take(result, peer.id) { return }
            }
        }

        private static func goOn(_ remote: GoimRemote, _ sender: Sender) {
            guard let number = sender.next(remote.id) else { return }
            remote.send(GoimMessage(.sendMessage, Sender.text(number))) { result in
                if sender.take(result, remote.id) { goOn(remote, sender) }
            }
        }
    }

    /// A loop of 1 MiB, whose memory others take and give back.
    private struct Pressure {
        let host: ConnectionHost
        private var held = 0

        init(_ group: EventLoopGroup) { host = group.siblings.all[0] }

        mutating func leave(_ count: Int) {
            let change = max(host.budget.available - count, -held)
            host.budget.charge(change, for: .requests)
            held += change
        }

        mutating func letGo() {
            host.budget.release(held, for: .requests)
            held = 0
        }

        /// Has memory and readers come and go for a while.
        mutating func rage(_ network: SimulatedNetwork, _ peers: [SimulatedPeer], seed: UInt64) throws {
            var random = SimulatedRandom(seed: seed &+ 9)
            for _ in 0..<150 {
                let isShort = random.next() % 40 == 0
                leave(isShort ? random.size(upTo: 3000) - 1 : 800_000)
                let peer = peers.randomElement(using: &random)
                if random.next() & 1 == 0 { peer?.pauseReading() } else { peer?.resumeReading() }
                try network.run(for: .milliseconds(3))
            }
            letGo()
            for peer in peers { peer.resumeReading() }
        }
    }

    private static func limits(_ limits: inout ConnectionLimits, _ way: Way) {
        limits.outboundBytesMax = 20_000
        limits.outboundHighWatermarkBytes = 10_000
        limits.outboundLowWatermarkBytes = 4000
        limits.overflowPolicy = way == .keyed ? .conflate : .signal
        limits.idleTimeout = nil
    }

    private static func network(_ sending: SimulatedSending, seed: UInt64) -> SimulatedNetwork {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (4096, 4096)
        return SimulatedNetwork(seed: seed, faults: faults, sending: sending)
    }

    private static var loops: EventLoopGroup.Configuration {
        var loops = EventLoopGroup.Configuration()
        loops.limits.memoryBytesMax = 1 << 20
        loops.limits.chunkBytes = 64 << 10
        return loops
    }

    /// The bodies of the protos that came, the first of which says that the client is in.
    private static func texts(_ bytes: [UInt8]) -> [String] {
        (NaiveProto.readAll(bytes) ?? []).dropFirst().map(\.text)
    }

    @Test(arguments: Transport.allCases, Way.allCases)
    func aGoimHandlerThatSendsOnlyWhenToldHasSentEverything(_ transport: Transport, way: Way) throws {
        var refusals = 0
        let expected = (0..<Sender.total).map(Sender.text)
        for seed in 0..<6 as Range<UInt64> {
            let network = Self.network(SimulatedSending.allCases[Int(seed % 2)], seed: seed)
            let sender = Sender()
            var configuration = GoimServer.Configuration()
            Self.limits(&configuration.goim.connection, way)
            let server = try GoimServer(
                tcp: "127.0.0.1:9100", webSocket: "127.0.0.1:9101", configuration: configuration,
                group: try network.makeGroup(configuration: Self.loops)
            ) { Source(sender: sender, way: way) }
            network.start(server.group)
            var sockets: [SimulatedWebSocket] = []
            let peers = try (0..<8).map { _ in
                if transport == .tcp { return network.connect(to: try #require(server.tcpAddress)) }
                let address = try #require(server.webSocketAddress)
                sockets.append(SimulatedWebSocket(network, to: address, path: "/sub"))
                return sockets[sockets.count - 1].peer
            }
            for index in peers.indices {
                for proto in [NaiveProto(7, 1, "{}"), NaiveProto(4, 2, "go")] {
                    if transport == .tcp {
                        peers[index].send(proto.bytes())
                    } else {
                        sockets[index].send(binary: proto.bytes())
                    }
                }
            }
            #expect(try network.run { server.hub.online == 8 })
            var pressure = Pressure(server.group)
            try pressure.rage(network, peers, seed: seed)
            let done = try network.run {
                let complete = peers.indices.count { index in
                    let bytes = transport == .tcp ? peers[index].received : Self.bytes(of: sockets[index])
                    let texts = Self.texts(bytes)
                    return way == .keyed ? texts.last == expected.last : texts == expected
                }
                return complete + sender.now.overflows >= 8
            }
            #expect(done && network.elapsed < .seconds(20), "seed \(seed): \(sender.now)")
            #expect(sender.now.otherEnds.isEmpty, "\(sender.now.otherEnds)")
            refusals += sender.now.refusals
            network.stop()
        }
        #expect(refusals > 0)
    }

    private static func bytes(of socket: SimulatedWebSocket) -> [UInt8] {
        socket.messages.flatMap { message -> [UInt8] in
            if case .binary(let bytes) = message { bytes } else { [] }
        }
    }

    /// Answers the first trade with many, one message each.
    private struct Tape: TradeMessageHandler {
        let sender: Sender

        mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) { goOn(peer) }

        mutating func onWritable(_ peer: inout WebSocketPeer) { goOn(peer) }

        mutating func onDisconnect(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
            sender.ended(isOverflow: reason.cause == .overflow, "\(reason)")
        }

        private func goOn(_ peer: borrowing WebSocketPeer) {
            while let number = sender.next(peer.id) {
                let result = try? peer.send(Trade.self) { trade in
                    trade.tradeId = UInt64(number)
                    return trade.finish()
                }
                if !sender.take(result ?? .closed, peer.id) { return }
            }
        }
    }

    @Test(arguments: SimulatedSending.allCases)
    func aGatewaysHandlerThatSendsOnlyWhenToldHasSentEverything(sending: SimulatedSending) throws {
        var refusals = 0
        for seed in 0..<3 as Range<UInt64> {
            var faults = SimulatedFaults.none
            (faults.sendBufferBytes, faults.receiveBufferBytes) = (60, 60)
            let network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
            let sender = Sender()
            var configuration = TradeServer.Configuration()
            configuration.webSocket.options.pingInterval = nil
            configuration.webSocket.options.messageBytesMax = 100
            Self.limits(&configuration.webSocket.options.connection, .own)
            configuration.webSocket.options.connection.outboundBytesMax = 200
            configuration.webSocket.options.connection.outboundHighWatermarkBytes = 150
            configuration.webSocket.options.connection.outboundLowWatermarkBytes = 50
            let server = try TradeServer(
                on: "127.0.0.1:9001", configuration: configuration,
                group: try network.makeGroup(configuration: Self.loops)
            ) { Tape(sender: sender) }
            network.start(server.group)
            let sockets = (0..<8).map { _ in SimulatedWebSocket(network, to: server.address) }
            for socket in sockets { socket.send(binary: Trade.encoded(TradeSamples.run(1...1))) }
            #expect(try network.run { sockets.allSatisfy(\.isUpgraded) })
            var pressure = Pressure(server.group)
            try pressure.rage(network, sockets.map(\.peer), seed: seed)
            let done = try network.run {
                let complete = sockets.count { $0.messages.count == Sender.total }
                return complete + sender.now.overflows >= 8
            }
            #expect(done, "seed \(seed): \(sender.now), \(sockets.map(\.messages.count))")
            #expect(sender.now.otherEnds.isEmpty, "\(sender.now.otherEnds)")
            refusals += sender.now.refusals
            network.stop()
        }
        #expect(refusals > 0)
    }

    /// Nobody would send the authentication again, and the server's answer would be waited for in vain.
    @Test func aGoimClientsAuthenticationThatFindsNoMemoryFailsTheAttempt() throws {
        struct Reader: GoimClientHandler {
            mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}
        }
        let network = SimulatedNetwork(seed: 1)
        let address = SocketAddress.ip(.loopbackV4, port: 9100)
        network.answer(at: address) { _ in }
        let client = try GoimClient(group: try network.makeGroup(configuration: Self.loops)) { Reader() }
        network.start(client.group)
        var pressure = Pressure(client.group)
        pressure.leave(0)
        let failures = Locked<[GoimConnectError.Cause]>([])
        let token = GoimMessage(.authenticate, GoimToken(mid: 7).json)
        client.connect(to: "tcp://127.0.0.1:9100", authenticatingWith: token) { result in
            if case .failure(let error) = result { failures.withLock { $0.append(error.cause) } }
        }
        #expect(try network.run { failures.withLock { $0.count } == 1 })
        #expect(failures.withLock { $0 } == [.closed(GoimCloseReason(.connection(.overflow)))])
        #expect(network.elapsed < .seconds(1))
        pressure.letGo()
        network.stop()
    }
}
