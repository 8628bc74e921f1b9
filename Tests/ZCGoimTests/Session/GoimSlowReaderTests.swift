import Testing
import ZCGoim
import ZCNetTesting

/// A goim client that reads slowly, in virtual time: its heartbeats stand behind what it has not read.
@Suite struct GoimSlowReaderTests {
    /// Lets everybody in, and sends what a text asks for: so many kilobytes, or numbers under keys.
    struct Source: GoimHandler {
        let closes: Shared<[String]>

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { .accept(GoimIdentity(mid: 1, key: "k")) }

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            peer.withholdReply()
            let words = NaiveProto(proto).text.split(separator: " ").compactMap { Int($0) }
            if words.isEmpty {
                let bytes = SharedBytes(copying: [UInt8](repeating: 7, count: 10_240))
                for number: Int32 in 0..<1000 {
                    let header = GoimHeader(.sendMessage, sequence: number)
                    let answer = peer.send(GoimMessage(header, body: bytes))
                    if !answer.isAccepted { closes.update { $0.append("refused") } }
                }
                peer.close()
            } else if words.count == 1 {
                let kilobyte = String(repeating: "x", count: 1008)
                for _ in 0..<words[0] { peer.send(GoimHeader(.sendMessage), kilobyte) }
            } else {
                peer.send(
                    GoimMessage(.sendMessage, "key \(words[0]) is \(words[1])"),
                    conflatingKey: UInt64(words[0]))
            }
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            closes.update { $0.append("\(reason.cause)") }
        }
    }

    struct Site {
        let network: SimulatedNetwork
        let server: GoimServer
        let peer: SimulatedPeer
        let closes = Shared<[String]>([])

        init(_ policy: OverflowPolicy = .signal) throws {
            var faults = SimulatedFaults.none
            (faults.sendBufferBytes, faults.receiveBufferBytes) = (20_000, 10_000)
            network = SimulatedNetwork(seed: 1, faults: faults)
            let group = try network.makeGroup()
            var configuration = GoimServer.Configuration()
            configuration.goim.heartbeat = .seconds(10)
            configuration.goim.connection.outboundHighWatermarkBytes = 30_000
            configuration.goim.connection.outboundLowWatermarkBytes = 10_000
            configuration.goim.connection.overflowPolicy = policy
            configuration.goim.connection.outboundBytesMax = 16 << 20
            configuration.goim.connection.lingerTimeout = .seconds(2)
            configuration.goim.connection.pausesReadingUnderPressure = policy != .conflate
            let closes = closes
            server = try GoimServer(tcp: "127.0.0.1:9100", configuration: configuration, group: group) {
                Source(closes: closes)
            }
            network.start(group)
            peer = network.connect(to: try #require(server.tcpAddress))
            peer.send(NaiveProto(7, 1, "{}").bytes())
            let received = { [peer] in peer.received.count }
            #expect(try network.run { received() == 16 })
            peer.pauseReading()
        }
    }

    @Test func aSlowReadersHeartbeatsAreNotMissed() throws {
        let site = try Site()
        site.peer.send(NaiveProto(4, 2, "300").bytes())
        let all = 16 + 300 * 1024
        var seconds = 0
        while site.peer.received.count < all && site.closes.now.isEmpty && seconds < 1000 {
            if seconds % 10 == 0 { site.peer.send(NaiveProto(2, 3).bytes()) }
            try site.network.run(for: .seconds(2))
            seconds += 2
            site.peer.resumeReading()
            site.peer.pauseReading()
        }
        // Twice the heartbeat would be the end of a silent one.
        #expect(site.closes.now.isEmpty && site.peer.received.count >= all && seconds > 40, "\(seconds)")
        site.network.stop()
    }

    /// Accepted messages are not lost on close, however long a steady reader takes.
    @Test func aThousandOfAThousandProtosArriveAfterAClose() throws {
        let site = try Site()
        site.peer.send(NaiveProto(4, 2, "all").bytes())
        let start = site.network.elapsed
        while !site.peer.isOver && site.network.elapsed - start < .seconds(100) {
            try site.network.run(for: .milliseconds(20))
            site.peer.resumeReading()
            site.peer.pauseReading()
        }
        #expect(site.network.elapsed - start > .seconds(15), "as slow as meant")
        let protos = Array(site.peer.received.dropFirst(16))
        #expect(protos.count == 1000 * (16 + 10_240) && !site.peer.wasReset)
        for number in 0..<min(1000, protos.count / (16 + 10_240)) {
            let proto = protos[(number * (16 + 10_240))...].prefix(16)
            #expect(NaiveProto.number(proto.suffix(4)) == Int64(number))
        }
        #expect(try site.network.run { !site.closes.now.isEmpty })
        #expect(site.closes.now == ["local"])
        site.network.stop()
    }

    @Test func whoNeitherReadsNorIsHeardIsGivenUp() throws {
        let site = try Site()
        site.peer.send(NaiveProto(4, 2, "300").bytes())
        let start = site.network.elapsed
        #expect(try site.network.run { !site.closes.now.isEmpty })
        let took = site.network.elapsed - start
        #expect(site.closes.now == ["heartbeatTimeout"])
        #expect(took >= .seconds(20) && took < .seconds(40), "\(took)")
        site.network.stop()
    }

    /// From the handler, and from elsewhere through the connection's remote handle.
    @Test(arguments: [false, true])
    func aSlowReaderGetsTheLatestOfEachKey(isRemote: Bool) throws {
        let site = try Site(.conflate)
        site.peer.send(NaiveProto(4, 2, "60").bytes())
        try site.network.run(for: .milliseconds(1))
        let remote = try #require(site.server.hub.remote(forKey: "k"))
        for number in 0..<200 {
            for key in 1...3 {
                if isRemote {
                    let message = GoimMessage(.sendMessage, "key \(key) is \(number)")
                    #expect(remote.send(message, conflatingKey: UInt64(key)) == .posted)
                } else {
                    site.peer.send(NaiveProto(4, 3, "\(key) \(number)").bytes())
                }
            }
        }
        try site.network.run(for: .milliseconds(10))
        site.peer.resumeReading()
        try site.network.run(for: .seconds(1))
        var protos: [String] = []
        var rest = site.peer.received[...]
        while rest.count >= 16, rest.count >= Int(NaiveProto.number(rest.prefix(4))) {
            let size = Int(NaiveProto.number(rest.prefix(4)))
            protos.append(String(decoding: rest.dropFirst(16).prefix(size - 16), as: UTF8.self))
            rest = rest.dropFirst(size)
        }
        let values = protos.filter { $0.hasPrefix("key") }
        #expect(rest.isEmpty && Set(values.suffix(3)) == Set((1...3).map { "key \($0) is 199" }), "\(values)")
        // What one callback sends leaves with it, or waits as it is; the rest is replaced.
        #expect(values.count < 300, "\(values.count) of 600 came")
        for key in 1...3 {
            let numbers = values.filter { $0.hasPrefix("key \(key) ") }
                .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        }
        site.network.stop()
    }
}
