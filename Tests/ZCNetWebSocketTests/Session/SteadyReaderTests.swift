import Testing
import ZCNetTesting

@testable import ZCNet
@testable import ZCNetWebSocket

/// Connections that are closed while the other side reads steadily, in virtual time: all that was accepted
/// arrives, however long that takes. Over real sockets: `SlowReaderTests`.
@Suite struct SteadyReaderTests {
    private static let messageCount = 1000
    private static let messageBytes = 10_240

    private static var faults: SimulatedFaults {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (64 << 10, 10_000)
        return faults
    }

    /// Reads half a megabyte a second until the end.
    private static func readSteadily(_ peer: SimulatedPeer, _ network: SimulatedNetwork) throws {
        let start = network.elapsed
        while !peer.isOver && network.elapsed - start < .seconds(100) {
            try network.run(for: .milliseconds(20))
            peer.resumeReading()
            peer.pauseReading()
        }
        #expect(network.elapsed - start > .seconds(15), "as slow as meant")
        #expect(!peer.wasReset)
    }

    /// A page that is the connection's last answer, as the client asked for or as the server has it.
    @Test(arguments: [SimulatedSending.direct, .inFlight], [false, true])
    func aPageArrivesBeforeTheEnd(sending: SimulatedSending, isLastByNumber: Bool) throws {
        let piece = (0..<(64 << 10)).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
        let page = (0..<(Self.messageCount * Self.messageBytes / piece.count)).reduce(into: [UInt8]()) {
            page, _ in
            page += piece
        }
        let site = try SimulatedSite(faults: Self.faults, sending: sending) {
            $0.tcp.connection.lingerTimeout = .seconds(2)
            $0.requests.keepAliveTimeout = .seconds(2)
            if isLastByNumber { $0.requests.requestsMax = 1 }
        } routes: { routes, _ in
            routes.get("/") { _ in HTTPResponse(status: 200, body: page) }
        }
        let peer = site.network.connect(to: site.server.address)
        peer.pauseReading()
        peer.send("GET / HTTP/1.1\r\nHost: h\r\n\(isLastByNumber ? "" : "Connection: close\r\n")\r\n")
        try Self.readSteadily(peer, site.network)
        #expect(peer.received.suffix(page.count) == page[...])
        try site.run("the end") { site.server.connectionCount == 0 }
        #expect(site.server.snapshot()[.closedTimeout] == 0)
        site.network.stop()
    }

    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func aThousandOfAThousandMessagesArriveAfterAClientsClose(sending: SimulatedSending) throws {
        let network = SimulatedNetwork(seed: 1, faults: Self.faults, sending: sending)
        let site = try ClientSite(network) { $0.options.closeTimeout = .seconds(2) }
        var served: [SimulatedWebSocket] = []
        network.answer(at: site.address) { served.append(SimulatedWebSocket(accepting: $0)) }
        let answer = site.connect()
        try site.run("a connection") { answer.socket != nil }
        let (server, socket) = (try #require(served.first), try #require(answer.socket))
        server.peer.pauseReading()
        let accepted = Locked(0)
        for number in 0..<Self.messageCount {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Self.messageBytes)
            socket.send(PreparedMessage(SharedBytes(copying: bytes), isText: false)) { result in
                if result.isAccepted { accepted.withLock { $0 += 1 } }
            }
        }
        socket.close(.normalClosure, reason: "done")
        try site.run("all accepted") { accepted.withLock { $0 } == Self.messageCount }
        try Self.readSteadily(server.peer, network)
        #expect(server.messages.count == Self.messageCount && server.error == nil)
        for (number, message) in server.messages.enumerated() {
            guard case .binary(let bytes) = message, bytes.count == Self.messageBytes,
                bytes[0] == UInt8(truncatingIfNeeded: number)
            else {
                Issue.record("message \(number) is another")
                break
            }
        }
        #expect(server.close?.code == .normalClosure && server.close?.reason == "done")
        try site.run("the end") { site.log.count(of: "close") == 1 }
        #expect(site.log.all.last == "close 1000 local clean")
        network.stop()
    }
}
