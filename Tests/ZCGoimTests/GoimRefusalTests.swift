import TestSupport
import Testing
import ZCNetTesting

@testable import ZCGoim

/// Whoever is told `full` is told when trying again makes sense: goim over both transports.
@Suite struct GoimRefusalTests {
    /// How messages are sent.
    enum Way: CaseIterable, Sendable { case own, remote, keyed }

    /// Lets everybody in; whoever says something is sent everything.
    private struct Source: GoimHandler {
        let sender: NumberedSender
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
                let message = GoimMessage(.sendMessage, NumberedSender.text(number))
                let result = way == .own ? peer.send(message) : peer.send(message, conflatingKey: 1)
                if !sender.take(result, peer.id) { return }
            }
        }

        private static func goOn(_ remote: GoimRemote, _ sender: NumberedSender) {
            guard let number = sender.next(remote.id) else { return }
            remote.send(GoimMessage(.sendMessage, NumberedSender.text(number))) { result in
                if sender.take(result, remote.id) { goOn(remote, sender) }
            }
        }
    }

    /// The bodies of the protos that came, the first of which says that the client is in.
    private static func texts(_ bytes: [UInt8]) -> [String] {
        (NaiveProto.readAll(bytes) ?? []).dropFirst().map(\.text)
    }

    @Test(arguments: Transport.allCases, Way.allCases)
    func aGoimHandlerThatSendsOnlyWhenToldHasSentEverything(_ transport: Transport, way: Way) throws {
        var refusals = 0
        let expected = (0..<NumberedSender.total).map(NumberedSender.text)
        for seed in 0..<6 as Range<UInt64> {
            let network = Scarcity.network(SimulatedSending.allCases[Int(seed % 2)], seed: seed)
            let sender = NumberedSender()
            var configuration = GoimServer.Configuration()
            Scarcity.apply(to: &configuration.goim.connection, conflating: way == .keyed)
            let server = try GoimServer(
                tcp: "127.0.0.1:9100", webSocket: "127.0.0.1:9101", configuration: configuration,
                group: try network.makeGroup(configuration: Scarcity.loops)
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
            var pressure = MemoryPressure(server.group)
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

    /// Nobody would send the authentication again, and the server's answer would be waited for in vain.
    @Test func aGoimClientsAuthenticationThatFindsNoMemoryFailsTheAttempt() throws {
        struct Reader: GoimClientHandler {
            mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}
        }
        let network = SimulatedNetwork(seed: 1)
        let address = SocketAddress.ip(.loopbackV4, port: 9100)
        network.answer(at: address) { _ in }
        let client = try GoimClient(group: try network.makeGroup(configuration: Scarcity.loops)) { Reader() }
        network.start(client.group)
        var pressure = MemoryPressure(client.group)
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
