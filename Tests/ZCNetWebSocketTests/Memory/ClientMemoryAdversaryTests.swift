import Testing

@testable import ZCNet
@testable import ZCNetTesting
@testable import ZCNetWebSocket

/// Whatever servers do to a client, its books agree with its memory, and both stay within the loop's bound.
@Suite struct ClientMemoryAdversaryTests {
    /// Sends back what comes, at length.
    private struct Chatty: WebSocketHandler {
        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            for _ in 0..<3 { peer.send(message) }
        }
    }

    /// Answers requests as no good server would.
    private final class Servers {
        private var random: SimulatedRandom
        private var peers: [SimulatedPeer] = []
        private var talking: [SimulatedWebSocket] = []
        private var unfinished: [SimulatedPeer] = []
        private(set) var tally: [String: Int] = [:]

        init(seed: UInt64) { random = SimulatedRandom(seed: seed) }

        private func count(_ what: String) { tally[what, default: 0] += 1 }

        func accept(_ peer: SimulatedPeer) {
            if random.next() & 1 == 0 { return talking.append(SimulatedWebSocket(accepting: peer)) }
            peers.append(peer)
            let answer = Int.random(in: 0..<5, using: &random)
            let body = random.size(upTo: 20_000)
            peer.onReceive = { [unowned self, unowned peer] in
                if peer.received.suffix(4) != [13, 10, 13, 10] { return }
                switch answer {
                case 0:
                    count("unfinished head")
                    let fields = String(repeating: "x:y\r\n", count: body % 90)
                    peer.send("HTTP/1.1 101 Switching Protocols\r\n" + fields)
                case 1:
                    count("unfinished refusal")
                    let text = String(repeating: "no ", count: body / 3)
                    peer.send("HTTP/1.1 503 No\r\nContent-Length: 100000\r\n\r\n" + text)
                case 2:
                    // What was charged for the first head is released with it.
                    count("hints and more")
                    hint(peer, String(repeating: "x:y\r\n", count: body % 90))
                case 3:
                    count("refusal")
                    peer.send("HTTP/1.1 404 No\r\nContent-Length: \(body)\r\n\r\n")
                    peer.send([UInt8](repeating: 120, count: body))
                default:
                    count("broken rule")
                    peer.send("HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n")
                }
            }
        }

        /// Sends a head that is only for information in two pieces, and a part of another at once.
        private func hint(_ peer: SimulatedPeer, _ fields: String) {
            peer.onReceive = nil
            peer.send("HTTP/1.1 103 Early Hints\r\n" + fields)
            unfinished.append(peer)
        }

        func act() {
            if let peer = unfinished.first, random.next() & 3 == 0 {
                unfinished.removeFirst()
                peer.send("\r\nHTTP/1.1 1")
            }
            peers.removeAll { $0.isOver }
            talking.removeAll { $0.peer.isOver }
            if let peer = peers.randomElement(using: &random), random.next() % 10 == 0 { peer.reset() }
            guard let socket = talking.randomElement(using: &random), socket.isUpgraded else { return }
            let bytes = [UInt8](repeating: 1, count: random.size(upTo: 60_000))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: socket.peer.pauseReading()
            case 1: socket.peer.resumeReading()
            case 2: socket.peer.reset()
            case 3: socket.send(frame: 0x02, bytes)
            case 4: socket.send(frame: 0x00, bytes)
            case 5: socket.send(frame: 0x80, bytes)
            default: socket.send(binary: bytes)
            }
        }
    }

    @Test(arguments: 0..<2 as Range<UInt64>, SimulatedSending.allCases)
    func chargedBytesAreHeldBytesAndStayWithinTheBound(seed: UInt64, sending: SimulatedSending) throws {
        var faults = SimulatedFaults()
        (faults.receiveBufferBytes, faults.sendBufferBytes, faults.segmentBytesMax) = (9000, 9000, 3000)
        let network = SimulatedNetwork(seed: seed, faults: faults, sending: sending)
        let servers = Servers(seed: seed &+ 3)
        network.answer(at: .ip(.loopbackV4, port: 9001)) { servers.accept($0) }
        var loops = EventLoopGroup.Configuration()
        loops.limits.memoryBytesMax = 1 << 20
        loops.limits.chunkBytes = 32 << 10
        var configuration = WebSocketClient.Configuration()
        configuration.refusalBodyBytesMax = 16 << 10
        configuration.options.messageBytesMax = 128 << 10
        configuration.options.connection.outboundBytesMax = 256 << 10
        let client = try WebSocketClient(
            configuration, group: try network.makeGroup(configuration: loops)
        ) { Chatty() }
        network.start(client.group)
        let host = client.group.siblings.all[0]
        var most = 0
        for step in 0..<600 {
            if step % 3 == 0 { client.connect(to: "ws://127.0.0.1:9001/") { _ in } }
            servers.act()
            var complaints: [String] = []
            try network.run(turnsMax: 6) {
                complaints = host.auditMemory()
                most = max(most, host.budget[.requests])
                return !complaints.isEmpty || host.budget.bytes > host.budget.bytesMax
            }
            try #require(complaints.isEmpty, "seed \(seed): \(complaints)")
            try #require(host.budget.bytes <= host.budget.bytesMax, "seed \(seed): \(host.budget.bytes)")
        }
        #expect(servers.tally.count == 5 && most > 10_000, "seed \(seed): \(servers.tally), \(most)")
        network.stop()
        #expect(host.auditMemory().isEmpty && host.budget[.requests] == 0)
    }
}
