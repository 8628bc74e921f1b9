import LinkSimulation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// What users of other async faces have lost, as they told it: each by the number of its thread, and of the
/// demand that was drawn from it.
@Suite struct LinkReproducerTests {
    /// A network with small buffers, where what was sent has to wait.
    private func narrow() -> SimulatedFaults {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes, faults.segmentBytesMax) = (4096, 4096, 1000)
        return faults
    }

    /// swift-nio#2795: writes that a scope has made are lost when it ends at once.
    @Test func demand42SwiftNIO2795WritesOfAScopeThatEndsArrive() throws {
        let site = try SimulatedSite(
            faults: narrow(),
            routes: { routes, _ in
                routes.link { link in for number in 0..<500 { try await link.send("\(number)") } }
            })
        let client = site.connect()
        try site.run("the end") { client.peer.isOver }
        #expect(client.messages == (0..<500).map { .text("\($0)") })
        #expect(client.close?.code == .normalClosure)
        site.network.stop()
    }

    /// swift-nio#2757, #3049: a response of a megabyte, written without waiting, and the scope left.
    @Test func demand42SwiftNIO2757And3049AMegabyteIsFlushedBeforeTheClose() throws {
        let network = SimulatedNetwork(seed: 1, faults: narrow())
        let group = try network.makeGroup(loops: 1)
        let server = try TCPServer(on: "127.0.0.1:9000", group: group) { link in
            link.trySend(String(repeating: "7", count: 1 << 20))
        }
        network.start(group)
        let peer = network.connect(to: server.address)
        #expect(try network.run { peer.isOver })
        #expect(peer.received.count == 1 << 20 && !peer.wasReset)
        network.stop()
    }

    /// swift-nio#3139: ending one's own direction closed before all writes were out.
    @Test func demand42SwiftNIO3139EndingOneDirectionWaitsForItsWrites() throws {
        let network = SimulatedNetwork(seed: 1, faults: narrow())
        let group = try network.makeGroup(loops: 1)
        let counted = Locked(0)
        let server = try TCPServer(on: "127.0.0.1:9000", group: group) { link in
            link.trySend(String(repeating: "7", count: 1_000_000))
            link.finishSending()
            while let bytes = try await link.next() { counted.withLock { $0 += bytes.count } }
        }
        network.start(group)
        let peer = network.connect(to: server.address)
        peer.closesAtEnd = false
        #expect(try network.run { peer.isEnded })
        #expect(peer.received.count == 1_000_000)
        peer.send("still heard")
        peer.finish()
        #expect(try network.run { counted.withLock { $0 } == 11 })
        network.stop()
    }

    /// swift-nio#3479: writing to a peer that has closed, and leaving the scope, was a SIGPIPE.
    @Test func demand42SwiftNIO3479WritingToAPeerThatIsGoneIsAnError() async throws {
        let server = try TCPServer(on: "127.0.0.1:0") { link in link.trySend("bye") }
        try server.start()
        let client = try TCPLinkClient()
        try client.start()
        for _ in 0..<50 {
            do {
                try await client.withLink(to: server.address.description) { link in
                    while try await link.next() != nil {}
                    for _ in 0..<3 { link.trySend("too late") }
                }
            } catch let error as LinkError {
                #expect(error.code == .lost)
            }
        }
        client.shutdown()
        client.wait()
        server.shutdown()
        server.wait()
    }

    /// mqtt-nio#223: the scope returned before the connection had ended.
    @Test func demand42MQTTNIO223TheScopeReturnsBehindTheEndOfTheConnection() throws {
        let pair = try LinkPair(faults: narrow()) { link, log in
            var count = 0
            while let message = try await link.next() { count += message.count }
            log.add("server took \(count)")
            try await link.pause(.milliseconds(5))
            log.add("server's end")
        }
        let (client, log) = (pair.client, pair.log)
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                for _ in 0..<30 { link.trySend(String(repeating: "x", count: 1000)) }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(log.all.contains("server took 30000") && log.all.contains("client done"), "\(log.all)")
        #expect(log.all.firstIndex(of: "server took 30000") ?? 9 < log.all.firstIndex(of: "client done") ?? 0)
        pair.network.stop()
    }

    /// fastwebsockets#43, #64: a read that is cancelled within a frame loses what it has read of it.
    @Test func demands57And28Fastwebsockets43And64ACancelledReadLosesNothingOfAFrame() throws {
        let site = try SimulatedSite(routes: { routes, log in
            routes.link { link in
                var late = 0
                while true {
                    do {
                        guard let message = try await link.next(within: .microseconds(100)) else { return }
                        log.add("\(message.text) after \(late > 0)")
                    } catch let error as LinkError where error.code == .timedOut {
                        late += 1
                    }
                }
            }
        })
        let client = site.connect()
        try site.run("an upgrade") { client.isUpgraded }
        // A frame in bytes, each a while after the other: dozens of waits end in its midst.
        let text = Array("a message in many pieces".utf8)
        let frame: [UInt8] = [0x81, 0x80 | UInt8(text.count), 0, 0, 0, 0] + text
        for _ in 0..<3 {
            for byte in frame {
                client.peer.send([byte])
                try site.network.run(for: .milliseconds(30))
            }
        }
        let expected = "a message in many pieces after true"
        try site.run("messages") { site.log.all.count == 3 }
        #expect(site.log.all == [expected, expected, expected])
        site.network.stop()
    }

    /// tokio-tungstenite#366: the last answers are lost when the sending half has ended before.
    @Test func demand58TokioTungstenite366AnswersComeThoughTheSenderHasEnded() throws {
        let pair = try LinkPair { link, _ in
            var questions: [String] = []
            while let message = try await link.next(), message.text != "that is all" {
                questions.append(message.text)
            }
            try await link.pause(.seconds(1))
            for question in questions { try await link.send("re " + question) }
        }
        let (client, log) = (pair.client, pair.log)
        let task = pair.task {
            try await client.withLink(to: LinkPair.url) { link in
                try await link.both { link in
                    while let message = try await link.next() { log.add(message.text) }
                } sending: { link in
                    for number in 0..<5 { try await link.send("\(number)") }
                    try await link.send("that is all")
                }
            }
        }
        #expect(try pair.network.run { task.hasEnded })
        #expect(log.all == (0..<5).map { "re \($0)" } + ["client done"])
        pair.network.stop()
    }
}
