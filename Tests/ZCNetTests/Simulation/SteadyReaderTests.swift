import Testing
import ZCNetTesting

@testable import ZCNet

/// A connection that a client closes, whose server reads steadily, in virtual time: all that was accepted
/// arrives, however long that takes.
@Suite struct SteadyReaderTests {
    static let messageCount = 1000
    static let messageBytes = 10_240

    private struct Ends: ConnectionHandler {
        let causes: Monitor<[String]>
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {}
        mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
            causes.update { $0.append("\(reason.cause)") }
        }
    }

    @Test(arguments: [SimulatedSending.direct, .inFlight])
    func aThousandOfAThousandMessagesArriveAfterAClientsClose(sending: SimulatedSending) throws {
        var faults = SimulatedFaults.none
        (faults.sendBufferBytes, faults.receiveBufferBytes) = (64 << 10, 10_000)
        let network = SimulatedNetwork(seed: 1, faults: faults, sending: sending)
        let group = try network.makeGroup(loops: 1)
        var configuration = TCPClient.Configuration()
        configuration.connection.lingerTimeout = .seconds(2)
        let causes = Monitor<[String]>([])
        let client = try TCPClient(configuration, group: group) { Ends(causes: causes) }
        network.start(group)
        let address = SocketAddress.ip(.loopbackV4, port: 9001)
        var served: [SimulatedPeer] = []
        network.answer(at: address) { peer in
            peer.pauseReading()
            served.append(peer)
        }
        let accepted = Monitor(0)
        client.connect(to: address.description) { result in
            guard let remote = try? result.get() else { return }
            for number in 0..<Self.messageCount {
                remote.send(SharedBytes(copying: bulk(Self.messageBytes, salt: number))) { answer in
                    if answer.isAccepted { accepted.update { $0 += 1 } }
                }
            }
            remote.close()
        }
        #expect(try network.run { accepted.value == Self.messageCount })
        let server = try #require(served.first)
        let start = network.elapsed
        while !server.isOver && network.elapsed - start < .seconds(100) {
            try network.run(for: .milliseconds(20))
            server.resumeReading()
            server.pauseReading()
        }
        #expect(network.elapsed - start > .seconds(15), "as slow as meant")
        #expect(server.received.count == Self.messageCount * Self.messageBytes && !server.wasReset)
        for number in [0, 251, 252, 999] {
            let message = server.received.dropFirst(number * Self.messageBytes).prefix(Self.messageBytes)
            #expect(Array(message) == bulk(Self.messageBytes, salt: number))
        }
        #expect(try network.run { !causes.value.isEmpty })
        #expect(causes.value == ["local"])
        network.stop()
    }
}
