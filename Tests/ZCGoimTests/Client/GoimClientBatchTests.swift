import TestSupport
import Testing
import ZCGoim
import ZCNet
import ZCNetTesting
import ZCNetWebSocket

/// What a server may say to a client in a batch, and what ends the connection.
@Suite struct GoimClientBatchTests {
    private struct Reader: GoimClientHandler {
        let lines: Shared<[String]>

        mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
            let text = NaiveProto(proto).text
            lines.update { $0.append(text) }
            if text == "close" { peer.close() }
        }

        mutating func onClose(_ peer: inout GoimPeer, _ reason: GoimCloseReason) {
            if case .protocolError(let error) = reason.cause {
                lines.update { $0.append("\(error)") }
            } else {
                lines.update { $0.append("end") }
            }
        }
    }

    /// What a client makes of a batch whose body is `body`, and of a message behind it.
    private func lines(_ transport: Transport, _ format: GoimHeaderFormat, of body: [UInt8]) throws
        -> [String]
    {
        let network = SimulatedNetwork(seed: 1)
        let lines = Shared<[String]>([])
        var configuration = GoimClient.Configuration()
        configuration.goim.headers = .only(format)
        let client = try GoimClient(configuration, group: try network.makeGroup()) { Reader(lines: lines) }
        network.start(client.group)
        let talk = [NaiveProto(8, 0), NaiveProto(9, 1, body), NaiveProto(1000, 2, "behind")].map {
            $0.bytes(format)
        }
        var sockets: [SimulatedWebSocket] = []
        network.answer(at: .ip(.loopbackV4, port: 3101)) { peer in
            peer.onReceive = { [unowned peer] in
                peer.onReceive = nil
                peer.send(talk.flatMap { $0 })
            }
        }
        network.answer(at: .ip(.loopbackV4, port: 3102)) { peer in
            let socket = SimulatedWebSocket(accepting: peer)
            sockets.append(socket)
            socket.onMessage = { socket, _ in for proto in talk { socket.send(binary: proto) } }
        }
        let address = transport == .tcp ? "tcp://127.0.0.1:3101" : "ws://127.0.0.1:3102/sub"
        client.connect(to: address, authenticatingWith: GoimMessage(.authenticate, "{}")) { _ in }
        let isSaid = try network.run {
            lines.now.contains { $0 == "behind" || $0 == "end" || $0.hasPrefix("expected") }
        }
        #expect(isSaid)
        // Before the network's end, which ends the client too.
        let said = lines.now
        network.stop()
        return said
    }

    @Test(arguments: Transport.allCases, GoimHeaderFormat.allCases)
    func aRowOfProtosIsTakenOneByOne(_ transport: Transport, _ format: GoimHeaderFormat) throws {
        let row = ["1", "2", "3"].flatMap { NaiveProto(1000, 0, $0).bytes(format) }
        #expect(try lines(transport, format, of: row) == ["1", "2", "3", "behind"])
        #expect(try lines(transport, format, of: []) == ["behind"])
    }

    /// Wherever the last proto is cut, what was whole before it has come, and nothing behind it does.
    @Test(arguments: Transport.allCases, GoimHeaderFormat.allCases)
    func aProtoThatIsCutOffEndsTheConnection(_ transport: Transport, _ format: GoimHeaderFormat) throws {
        let (first, last) = (NaiveProto(1000, 0, "1").bytes(format), NaiveProto(1000, 0, "two").bytes(format))
        for count in 1..<last.count {
            let error = "expected a row of whole protos, got \(count) bytes of another"
            let said = try lines(transport, format, of: first + last[..<count])
            #expect(said == ["1", error], "cut to \(count)")
        }
    }

    @Test(arguments: Transport.allCases, GoimHeaderFormat.allCases)
    func aBatchWithinABatchEndsTheConnection(_ transport: Transport, _ format: GoimHeaderFormat) throws {
        let (one, two) = (NaiveProto(1000, 0, "1").bytes(format), NaiveProto(1000, 0, "2").bytes(format))
        let said = try lines(transport, format, of: one + NaiveProto(9, 0, two).bytes(format) + two)
        #expect(said == ["1", "expected no batch within a batch, got one"])
    }

    @Test(arguments: Transport.allCases) func nothingOfABatchFollowsAClose(_ transport: Transport) throws {
        let row = ["1", "close", "3"].flatMap { NaiveProto(1000, 0, $0).bytes() }
        #expect(try lines(transport, .plain, of: row) == ["1", "close", "end"])
    }
}
