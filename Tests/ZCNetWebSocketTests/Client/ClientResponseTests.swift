import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// The answer that agrees, in any pieces, and what comes with it.
@Suite struct ClientResponseTests {
    /// What a server sends: something for information first, then its answer, and two frames at once.
    private static func stream(for request: String) -> [UInt8] {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
        let head = hints + ScriptedServer.agreement(to: request, ["X-Served-By: test"])
        return Array(head.utf8) + [0x81, 5] + Array("first".utf8) + [0x82, 3, 1, 2, 3]
    }

    private static func receive(
        cutting: @escaping ([UInt8]) -> [ArraySlice<UInt8>], _ location: SourceLocation = #_sourceLocation
    ) throws {
        let network = SimulatedNetwork(seed: 1)
        let client = try ClientSite(network)
        var waiting: [ArraySlice<UInt8>] = []
        let server = ScriptedServer(network, at: client.address) { _, request in
            waiting = cutting(stream(for: request))
        }
        let answer = client.connect()
        try client.run("the request", location) { server.requests.count == 1 }
        for piece in waiting {
            server.peers[0].send(piece)
            // Each piece is read before the next leaves.
            try network.run(for: .milliseconds(5))
        }
        try client.run("everything", location) { client.log.count(of: "binary") == 1 }
        #expect(
            client.log.all == ["open 101 / -", "connected", "text first", "binary 3"],
            sourceLocation: location)
        #expect(answer.count == 1, sourceLocation: location)
        network.stop()
    }

    @Test func whatComesWithTheAnswerIsNotLost() throws {
        try Self.receive { [$0[...]] }
    }

    @Test func theAnswerMayBeCutAnywhere() throws {
        for cut in 1..<250 {
            try Self.receive { [$0.prefix(cut), $0.dropFirst(cut)] }
        }
    }

    @Test func theAnswerMayComeByteByByte() throws {
        try Self.receive { bytes in bytes.indices.map { bytes[$0...$0] } }
    }

    @Test(arguments: 0..<20)
    func theAnswerMayComeInAnyPieces(seed: Int) throws {
        try Self.receive { bytes in
            var random = SimulatedRandom(seed: UInt64(seed))
            var pieces: [ArraySlice<UInt8>] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int(random.next() % 40) + 1
                pieces.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            return pieces
        }
    }

    /// RFC 9110 15.2: responses for information precede the answer; so many, and so large, as a server may
    /// have reason for.
    @Test(arguments: [(16, 10), (16, 900), (3, 5000)])
    func someInformationIsPassedOver(count: Int, bytes: Int) throws {
        #expect(try Self.answer(behind: count, of: bytes).socket != nil)
    }

    @Test(arguments: [(17, 10), (1000, 10), (2, 9000), (16, 1200), (10_000, 2)])
    func endlessInformationIsABrokenRule(count: Int, bytes: Int) throws {
        guard case .handshake(let error) = try Self.answer(behind: count, of: bytes).error?.cause else {
            Issue.record("expected a broken rule")
            return
        }
        #expect(error.code == .response && error.description.contains("responses of status 1xx"), "\(error)")
    }

    /// What a client is told by a server that sends so much ahead of agreeing.
    private static func answer(behind count: Int, of bytes: Int) throws -> ClientSite.Answer {
        let network = SimulatedNetwork(seed: 1)
        let client = try ClientSite(network)
        let filler = String(repeating: "x", count: bytes)
        let information = "HTTP/1.1 1\(count % 2 == 0 ? "00" : "03") Wait\r\nX: \(filler)\r\n\r\n"
        _ = ScriptedServer(network, at: client.address) { peer, request in
            for _ in 0..<count { peer.send(information) }
            peer.send(ScriptedServer.agreement(to: request))
        }
        let answer = client.connect()
        try client.run("an answer") { answer.count == 1 }
        #expect(network.elapsed < .seconds(5))
        network.stop()
        return answer
    }

    /// Answers with a byte changed: none may do more than fail, and each is answered once.
    @Test(arguments: 0..<200)
    func damagedAnswersOnlyFail(seed: Int) throws {
        let network = SimulatedNetwork(seed: UInt64(seed))
        let client = try ClientSite(network) { $0.handshakeTimeout = .seconds(1) }
        _ = ScriptedServer(network, at: client.address) { peer, request in
            var random = SimulatedRandom(seed: UInt64(seed))
            var bytes = Array(ScriptedServer.agreement(to: request).utf8)
            let index = Int(random.next() % UInt64(bytes.count))
            bytes[index] ^= UInt8(1 << (random.next() % 8))
            peer.send(bytes)
        }
        let answer = client.connect()
        try client.run("an answer") { answer.count == 1 }
        // Only the reason's words, which mean nothing, and the case of names may change without notice.
        if answer.socket != nil { #expect(client.log.all.first == "open 101 / -") }
        network.stop()
        #expect(client.log.count(of: "open") == client.log.count(of: "close"))
        #expect(client.log.count(of: "open") == (answer.socket == nil ? 0 : 1))
    }
}
