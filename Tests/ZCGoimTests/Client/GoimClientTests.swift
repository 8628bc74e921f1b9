import TestSupport
import Testing
import ZCGoim
import ZCNet

/// The library's client against the library's server.
@Suite struct GoimClientTests {
    private struct Reader: GoimClientHandler {
        let heard: Shared<[NaiveProto]>
        let notes: Shared<[String]>

        mutating func onOpen(_ peer: inout GoimPeer) { notes.update { $0.append("open") } }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            let copy = NaiveProto(proto)
            heard.update { $0.append(copy) }
        }

        mutating func onHeartbeat(online: Int, _ peer: inout GoimPeer) {
            notes.update { $0.append("online \(online)") }
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            notes.update { $0.append("close \(reason.cause)") }
        }
    }

    private struct Party: Sendable {
        let heard = Shared<[NaiveProto]>([])
        let notes = Shared<[String]>([])
        let client: GoimClient
        /// Longer than anything here takes on a busy machine.
        static let linger = Duration.seconds(300)

        init(_ options: GoimOptions = GoimOptions()) throws {
            var configuration = GoimClient.Configuration()
            configuration.tcp.group.loops = 1
            configuration.goim = options
            if options.handshakeTimeout == GoimOptions().handshakeTimeout {
                Patience.apply(to: &configuration.goim)
            }
            configuration.tcp.connectTimeout = Patience.long
            configuration.tcp.connection.lingerTimeout = Self.linger
            configuration.webSocket.handshakeTimeout = Patience.long
            let (heard, notes) = (heard, notes)
            client = try GoimClient(configuration) { Reader(heard: heard, notes: notes) }
            try client.start()
        }

        func end() async throws {
            client.shutdown(grace: .zero)
            let client = client
            try await blocking { client.wait() }
        }
    }

    private func url(_ site: GoimSite, _ transport: Transport) -> String {
        transport == .tcp ? "tcp://\(site.address(.tcp))" : "ws://\(site.address(.webSocket))/sub"
    }

    @Test(arguments: Transport.allCases, GoimHeaderFormat.allCases)
    func messagesGoBothWays(_ transport: Transport, _ format: GoimHeaderFormat) async throws {
        var options = GoimOptions()
        options.headers = .only(format)
        options.heartbeat = .milliseconds(20)
        options.heartbeatsMissedMax = 1000
        options.merging = GoimMerging(count: 5, delay: .seconds(3600))
        let site = try GoimSite(options)
        let party = try Party(options)
        let token = GoimToken(
            mid: 3, key: "k", room: "r://1", accepts: [GoimOperation(rawValue: 1000)])
        let remote = try await party.client.connect(to: url(site, transport), token)
        remote.send(GoimMessage(GoimHeader(.sendMessage, sequence: 5), body: "up"))
        for number in 0..<5 {
            site.hub.push(GoimMessage(GoimOperation(rawValue: 2000), "\(number)"), toRoom: "r://1")
        }
        site.hub.push(GoimMessage(GoimOperation(rawValue: 1000), "last"), toKey: "k")
        try await blocking {
            #expect(party.heard.wait { $0.count == 7 })
            #expect(party.notes.wait { $0.contains("online 1") })
            let heard = party.heard.now
            #expect(heard.contains(NaiveProto(4, 5)))
            #expect(heard.filter { $0.operation == 2000 }.map(\.text) == (0..<5).map { "\($0)" })
            #expect(site.journal.wait { $0.messages.map(\.text) == ["up"] })
            site.end()
            #expect(party.notes.wait { $0.last?.hasPrefix("close") == true })
            #expect(party.notes.now.first == "open")
        }
        try await party.end()
    }

    @Test(arguments: Transport.allCases) func whoIsNotLetInIsTold(_ transport: Transport) async throws {
        var deeds = GoimSite.Deeds()
        deeds.authenticate = { _, _ in .refuse("no") }
        let site = try GoimSite(GoimOptions(), deeds)
        let party = try Party()
        let address = url(site, transport)
        let error = await #expect(throws: GoimConnectError.self) {
            try await party.client.connect(to: address, GoimToken())
        }
        #expect(error?.description.contains("not let in") == true)
        #expect(party.notes.now.isEmpty)
        try await party.end()
        try await blocking { site.end() }
    }

    @Test func whatIsNoServerIsTold() async throws {
        let party = try Party()
        for address in ["tcp://127.0.0.1:1", "ws://127.0.0.1:1/sub", "127.0.0.1:1", "wss://x/sub"] {
            await #expect(throws: GoimConnectError.self, "\(address)") {
                try await party.client.connect(to: address, GoimToken())
            }
        }
        try await party.end()
    }

    @Test func aSilentServerIsGivenUp() async throws {
        var deeds = GoimSite.Deeds()
        deeds.authenticate = { _, _ in .later }
        let site = try GoimSite(GoimOptions(), deeds)
        var options = GoimOptions()
        options.handshakeTimeout = .milliseconds(50)
        let party = try Party(options)
        let address = url(site, .tcp)
        let start = MonotonicClock.system.now()
        let error = await #expect(throws: GoimConnectError.self) {
            try await party.client.connect(to: address, GoimToken())
        }
        #expect(error?.cause == .closed(GoimCloseReason(.handshakeTimeout)))
        // The server does not end its side, which is waited for afterwards.
        #expect(MonotonicClock.system.now() - start < Party.linger, "told when it was given up")
        try await party.end()
        try await blocking { site.end() }
    }

    @Test func settingsAreChecked() {
        var configuration = GoimClient.Configuration()
        configuration.goim.headers = .detected
        #expect(throws: ConfigurationError.self) { try configuration.validate() }
        configuration.goim.headers = .only(.plain)
        configuration.goim.mode = .consumer(slots: 5)
        #expect(throws: ConfigurationError.self) { try configuration.validate() }
    }
}
