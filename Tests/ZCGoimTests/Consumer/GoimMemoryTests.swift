import Testing

@testable import ZCNet
@testable import ZCGoim
@testable import ZCNetTesting

/// What goim holds in queues to other threads is in the loop's books: rings of consumers, and what is merged.
@Suite struct GoimMemoryTests {
    /// Lets everybody into a room, and leaves the consumers to the test.
    private struct Ringed: GoimHandler {
        let consumers: Consumers

        mutating func authenticate(
            _ request: borrowing GoimProto, from peer: inout GoimPeer
        ) -> GoimVerdict { .accept(GoimIdentity(mid: 1, room: "r://\(peer.id.rawValue % 5)")) }

        mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimPeer) {
            consumers.add(Handed(consumer), peer.id)
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            consumers.drop(peer.id, "\(reason)")
        }
    }

    /// The consumers of all connections, which take something now and then.
    private final class Consumers: Sendable {
        private let all = Locked<[ConnectionID: Handed]>([:])
        private let over = Locked<[Handed]>([])
        /// Why connections ended.
        let ends = Locked<[String: Int]>([:])

        func add(_ consumer: Handed, _ id: ConnectionID) { all.withLock { $0[id] = consumer } }

        /// Drops it once the callback is over: a consumer that goes closes its connection.
        func drop(_ id: ConnectionID, _ reason: String) {
            ends.withLock { $0[reason, default: 0] += 1 }
            let gone = all.withLock { $0.removeValue(forKey: id) }
            if let gone { over.withLock { $0.append(gone) } }
        }

        func bury() { over.withLock { $0 = [] } }

        func take(_ count: Int, _ random: inout SimulatedRandom) {
            bury()
            let consumers = all.withLock { all in all.sorted { $0.key.rawValue < $1.key.rawValue } }
            guard let handed = consumers.randomElement(using: &random)?.value,
                var consumer = handed.take()
            else { return }
            var taken = 0
            while taken < count, (consumer.get { _ in }) {
                consumer.getAdvance()
                taken += 1
            }
            handed.put(consumer)
        }
    }

    private static func server(
        _ network: SimulatedNetwork, _ consumers: Consumers, memory: Int = 2 << 20,
        _ change: (inout GoimOptions) -> Void = { _ in }
    ) throws -> GoimServer {
        var loops = EventLoopGroup.Configuration()
        loops.limits.memoryBytesMax = memory
        loops.limits.chunkBytes = 32 << 10
        var configuration = GoimServer.Configuration()
        configuration.goim.mode = .consumer(slots: 64)
        configuration.goim.connection.overflowPolicy = .signal
        // A network that is stepped by turns takes great steps in time where nothing happens.
        configuration.goim.heartbeat = .seconds(86_400)
        change(&configuration.goim)
        let server = try GoimServer(
            tcp: "127.0.0.1:9100", webSocket: "127.0.0.1:9101", configuration: configuration,
            group: try network.makeGroup(configuration: loops)
        ) { Ringed(consumers: consumers) }
        network.start(server.group)
        return server
    }

    @Test(arguments: 0..<1 as Range<UInt64>, SimulatedSending.allCases)
    func chargedBytesAreHeldBytesAndStayWithinTheBound(seed: UInt64, sending: SimulatedSending) throws {
        var faults = SimulatedFaults()
        (faults.receiveBufferBytes, faults.sendBufferBytes, faults.segmentBytesMax) = (9000, 9000, 700)
        let network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        let consumers = Consumers()
        let server = try Self.server(network, consumers) {
            $0.merging = GoimMerging(count: 50, delay: .milliseconds(20), bytes: 32 << 10)
            $0.limits.bodyBytesMax = 60_000
        }
        let host = server.group.siblings.all[0]
        var random = SimulatedRandom(seed: seed &+ 5)
        var peers: [SimulatedPeer] = []
        var sockets: [SimulatedWebSocket] = []
        var most = 0
        for step in 0..<500 {
            if step % 8 == 0 {
                let peer = network.connect(to: try #require(server.tcpAddress))
                peer.send(NaiveProto(7, 1, "{}").bytes())
                peers.append(peer)
                let socket = SimulatedWebSocket(
                    network, to: try #require(server.webSocketAddress), path: "/sub")
                socket.send(binary: NaiveProto(7, 1, "{}").bytes())
                sockets.append(socket)
            }
            // Some are larger than a chunk, so that they are gathered elsewhere, and copied into the ring.
            let body = [UInt8](repeating: 1, count: random.size(upTo: step % 3 == 0 ? 50_000 : 4000))
            let proto = NaiveProto(1000, 1, body).bytes()
            switch Int.random(in: 0..<7, using: &random) {
            case 0: peers.randomElement(using: &random)?.pauseReading()
            case 1: peers.randomElement(using: &random)?.resumeReading()
            case 2 where step % 10 == 0: peers.randomElement(using: &random)?.reset()
            case 3: sockets.randomElement(using: &random)?.send(binary: proto)
            case 4:
                let message = GoimMessage(.sendMessage, SharedBytes(copying: body))
                for _ in 0..<5 { server.hub.push(message, toRoom: "r://\(step % 5)") }
            default: for _ in 0..<4 { peers.randomElement(using: &random)?.send(proto) }
            }
            consumers.take(random.size(upTo: 8), &random)
            var complaints: [String] = []
            // Where something always happens, the network takes no great steps in time.
            if step % 5 == 0 { try network.run(for: .milliseconds(5)) }
            try network.run(turnsMax: 6) {
                _ = server.group.loops[0].post { _ in }
                consumers.bury()
                complaints = host.auditMemory()
                most = max(most, host.budget[.queues])
                return !complaints.isEmpty || host.budget.bytes > host.budget.bytesMax
            }
            try #require(complaints.isEmpty, "seed \(seed), step \(step): \(complaints)")
            try #require(host.budget.bytes <= host.budget.bytesMax, "seed \(seed): \(host.budget.bytes)")
        }
        #expect(most > 200_000, "seed \(seed): \(most), \(consumers.ends.withLock { $0 })")
        network.stop()
        consumers.bury()
        #expect(host.queues.bytes == 0 && host.auditMemory().isEmpty, "\(host.auditMemory())")
    }

    /// Bodies that lie in no chunk are copied: consumers that take nothing must not hold more of them than
    /// the loop's memory, and who sends them ends for it.
    @Test func aRingThatCopiesStaysWithinTheLoopsMemory() throws {
        let network = SimulatedNetwork(seed: 1)
        let consumers = Consumers()
        let server = try Self.server(network, consumers, memory: 1 << 20) {
            $0.mode = .consumer(slots: 4096)
            $0.limits.bodyBytesMax = 60_000
        }
        let host = server.group.siblings.all[0]
        let peer = network.connect(to: try #require(server.tcpAddress))
        peer.send(NaiveProto(7, 1, "{}").bytes())
        #expect(try network.run { server.hub.online == 1 })
        // Larger than a chunk, so that each is gathered in a buffer of its own.
        let proto = NaiveProto(1000, 1, [UInt8](repeating: 1, count: 50_000)).bytes()
        var most = 0
        for _ in 0..<60 where consumers.ends.withLock({ $0.isEmpty }) {
            peer.send(proto)
            try network.run(for: .milliseconds(1))
            most = max(most, host.budget[.queues])
            consumers.bury()
            #expect(host.auditMemory() == [] && host.budget.bytes <= 1 << 20)
        }
        #expect(consumers.ends.withLock { $0 } == ["overflow": 1], "\(consumers.ends.withLock { $0 })")
        #expect(most > 500_000, "\(most)")
        consumers.bury()
        try network.run(for: .milliseconds(1))
        #expect(host.budget[.queues] == 0 && host.auditMemory() == [])
        network.stop()
    }

    @Test func batchesLeaveSoonerWhereTheyTakeMuchOfTheMemory() throws {
        let network = SimulatedNetwork(seed: 1)
        let consumers = Consumers()
        let server = try Self.server(network, consumers, memory: 1 << 20) {
            $0.mode = .loop
            $0.merging = GoimMerging(count: 10_000, delay: .seconds(3600), bytes: 1 << 24)
        }
        let peer = network.connect(to: try #require(server.tcpAddress))
        peer.send(NaiveProto(7, 1, "{}").bytes())
        #expect(try network.run { server.hub.online == 1 })
        let host = server.group.siblings.all[0]
        let room = try #require(server.hub.roomCounts.keys.first)
        let message = GoimMessage(.sendMessage, SharedBytes(copying: [UInt8](repeating: 1, count: 4000)))
        for _ in 0..<200 {
            server.hub.push(message, toRoom: room)
            try network.run(for: .milliseconds(1))
            #expect(host.auditMemory() == [] && host.budget[.queues] <= 520 << 10)
        }
        #expect(server.hub.snapshot()[.batches] >= 1, "\(consumers.ends.withLock { $0 }) \(room)")
        network.stop()
    }

    /// As a WebSocket message has: whoever begins a proto and does not end it keeps memory from others.
    @Test func anUnfinishedProtoHasAGreatestAgeHoweverSlowlyItComes() throws {
        let network = SimulatedNetwork(seed: 1)
        let consumers = Consumers()
        let server = try Self.server(network, consumers) {
            $0.mode = .loop
            $0.messageTimeout = .seconds(2)
        }
        let peers = try (0..<2).map { _ in network.connect(to: try #require(server.tcpAddress)) }
        for peer in peers { peer.send(NaiveProto(7, 1, "{}").bytes()) }
        #expect(try network.run { server.hub.online == 2 })
        let proto = NaiveProto(1000, 1, [UInt8](repeating: 1, count: 1000)).bytes()
        // One trickles; the other sends whole protos, each of them in time, with a part of another behind.
        peers[1].send(proto.prefix(500))
        for byte in proto.prefix(40) {
            peers[0].send([byte])
            peers[1].send(proto.suffix(516) + proto.prefix(500))
            try network.run(for: .milliseconds(100))
        }
        #expect(
            consumers.ends.withLock { $0 } == ["timeout: message": 1], "\(consumers.ends.withLock { $0 })")
        #expect(server.hub.online == 1)
        network.stop()
    }
}
