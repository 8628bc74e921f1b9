import Testing
import ZCGoim
import ZCNetTesting

/// By how much heartbeats may be late, and who is given up for want of one, in virtual time.
@Suite struct GoimHeartbeatTests {
    private static let heartbeat = Duration.seconds(10)
    private static let tick = Duration.milliseconds(10)
    /// What a segment travels, and what a turn of the simulation takes.
    private static let slack = Duration.milliseconds(1)

    struct Anybody: GoimHandler {
        let closes: Shared<[String]>

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { .accept(GoimIdentity(mid: 1, key: "k")) }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            closes.update { $0.append("\(reason.cause)") }
        }
    }

    /// Pauses with the first heartbeat's answer, when it is told to.
    struct Reader: GoimClientHandler {
        let pauses: Bool
        let closes: Shared<[String]>

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}

        mutating func onHeartbeat(online: Int, _ peer: inout GoimPeer) { if pauses { peer.pauseReading() } }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            closes.update { $0.append("\(reason.cause)") }
        }
    }

    private struct Site {
        let network = SimulatedNetwork(seed: 1)
        let server: GoimServer
        let closes = Shared<[String]>([])

        init() throws {
            var configuration = GoimServer.Configuration()
            configuration.goim.heartbeat = heartbeat
            let closes = closes
            let group = try network.makeGroup()
            server = try GoimServer(tcp: "127.0.0.1:9100", configuration: configuration, group: group) {
                Anybody(closes: closes)
            }
            network.start(group)
        }

        /// The library's client, let in.
        func client(pauses: Bool) throws -> GoimClient {
            var configuration = GoimClient.Configuration()
            configuration.goim.heartbeat = heartbeat
            let closes = closes
            let group = try network.makeGroup()
            let client = try GoimClient(configuration, group: group) {
                Reader(pauses: pauses, closes: closes)
            }
            network.start(group)
            let isIn = Shared(false)
            client.connect(
                to: "tcp://127.0.0.1:9100", authenticatingWith: GoimMessage(.authenticate, "{}")
            ) { _ in isIn.update { $0 = true } }
            #expect(try network.run { isIn.now })
            return client
        }

        /// Somebody who has been let in, and does as the test says.
        func member() throws -> SimulatedPeer {
            let peer = network.connect(to: try #require(server.tcpAddress))
            peer.send(NaiveProto(7, 1, "{}").bytes())
            #expect(try network.run { peer.received.count == 16 })
            return peer
        }

        var heartbeats: Int { server.hub.snapshot()[.heartbeats] }
    }

    /// A client's heartbeats are an interval apart, and each a tick late at most.
    @Test func aClientsHeartbeatsAreATickLateAtMost() throws {
        let site = try Site()
        let client = try site.client(pauses: false)
        var last = site.network.elapsed
        for number in 1...40 {
            #expect(try site.network.run { site.heartbeats == number })
            let gap = site.network.elapsed - last
            last = site.network.elapsed
            let most = Self.heartbeat + Self.tick + Self.slack
            #expect(gap >= Self.heartbeat - Self.slack && gap <= most, "\(gap)")
        }
        #expect(site.closes.now.isEmpty)
        _ = client
        site.network.stop()
    }

    /// A client whose handler does not read for a while has not lost its server for that.
    @Test func aClientThatPausesDoesNotMissAnswers() throws {
        let site = try Site()
        let client = try site.client(pauses: true)
        #expect(try site.network.run { site.heartbeats == 12 })
        #expect(site.closes.now.isEmpty, "\(site.closes.now)")
        _ = client
        site.network.stop()
    }

    /// Whoever sends them just in time stays; and is gone a tick after the time for two.
    @Test(arguments: [0, 3, 17])
    func whoIsSilentIsGoneATickLateAtMost(heartbeats: Int) throws {
        let site = try Site()
        let peer = try site.member()
        for _ in 0..<heartbeats {
            try site.network.run(for: Self.heartbeat * 2 - .milliseconds(11))
            peer.send(NaiveProto(2, 3).bytes())
        }
        #expect(site.closes.now.isEmpty)
        let start = site.network.elapsed
        #expect(try site.network.run { !site.closes.now.isEmpty })
        let took = site.network.elapsed - start
        #expect(site.closes.now == ["heartbeatTimeout"])
        let most = Self.heartbeat * 2 + Self.tick + Self.slack
        #expect(took >= Self.heartbeat * 2 - Self.slack && took <= most, "\(took)")
        site.network.stop()
    }
}
