import Glibc
import TestSupport
import Testing
import ZCNet

@testable import ZCDelivery

/// From a connection through a store and back to the connection.
@Suite struct AcknowledgerConnectionTests {
    /// Submits each byte that comes as a message.
    private struct Server: ConnectionHandler {
        let acknowledger: Acknowledger<ConnectionID>
        func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            let bytes = data.span
            for index in bytes.indices {
                let message = SubmittedMessage(
                    from: peer.id, reference: UInt64(bytes[index]),
                    bytes: SharedBytes(copying: [bytes[index]]))
                acknowledger.submit(message, key: peer.id)
            }
        }
    }

    private struct Client: ConnectionHandler {
        let received: Watched<[[UInt8]]>
        let index: Int
        func onOpen(_ peer: inout Peer) {
            let numbers = SharedBytes(copying: Array(0..<200))
            peer.send(numbers)
        }
        func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            let bytes = data.copy()
            let index = index
            received.update { all in for place in 0..<bytes.count { all[index].append(bytes[place]) } }
        }
    }

    @Test func everyMessageIsAnsweredOnItsConnection() async throws {
        let group = try EventLoopGroup(loops: 2)
        let store = MemoryMessageStore()
        let acknowledger = try Acknowledger<ConnectionID>(storingIn: store, over: group.loops) {
            (answer, output) throws(WriteBufferError) in
            try output.append(UInt8(answer.reference))
            if case .failure = answer.result { try output.append(UInt8(255)) }
        }
        var configuration = TCPServer.Configuration()
        configuration.acceptStrategy = .roundRobin
        // The task that stores may be kept waiting by other tests for longer than a silent connection may
        // last.
        Patience.apply(to: &configuration.connection)
        let server = try TCPServer(on: "127.0.0.1:0", configuration: configuration, group: group) {
            Server(acknowledger: acknowledger)
        }
        try server.start()
        let running = Task { await acknowledger.run() }
        let clients = 3
        let received = Watched<[[UInt8]]>(Array(repeating: [], count: clients))
        var all: [TCPClient] = []
        var clientConfiguration = TCPClient.Configuration()
        clientConfiguration.connection.idleTimeout = nil
        for index in 0..<clients {
            let client = try TCPClient(clientConfiguration) { Client(received: received, index: index) }
            try client.start()
            client.connect(to: server.address.description) { _ in }
            all.append(client)
        }
        #expect(await OwnThread.value { received.wait { $0.allSatisfy { $0.count == 200 } } })
        #expect(received.value.allSatisfy { $0 == Array(0..<200) })
        #expect(await store.extent().next == MessageSequence(rawValue: 601))
        acknowledger.close()
        await running.value
        let clientsToStop = all
        await OwnThread.value {
            for client in clientsToStop {
                client.shutdown(grace: .zero)
                client.wait()
            }
            server.shutdown(grace: .zero)
            server.wait()
        }
    }
}
