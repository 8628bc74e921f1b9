import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// Bytes of every kind that an application has them in.
@Suite struct BytesInAndOutTests {
    struct Sender: WebSocketHandler {
        let log: SimulatedSite.Log

        mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
            let array = Array(message.bytes)
            peer.send(binary: array)
            peer.send(binary: array.span)
            peer.send(binary: message.bytes)
            peer.send(binary: message.copy())
            peer.send(binary: array[1...])
            peer.send(binary: message.text.utf8)
            peer.send(binary: (0..<3).lazy.map { UInt8($0) })
            peer.remote.send(binary: array)
            log.add(
                "\(peer.localAddress?.description ?? "-") \(peer.loop.index) \(peer.loop.connectionCount)")
            peer.close(4001, reason: "enough")
        }
    }

    @Test func everyKindIsSent() throws {
        let site = try SimulatedSite(configure: { _ in }) { routes, log in
            routes.webSocket { Sender(log: log) }
        }
        let client = site.connect()
        client.send("text")
        try site.run("the end") { client.close != nil }
        let text = Array("text".utf8)
        let expected = [text, text, text, text, Array("ext".utf8), text, [0, 1, 2]]
        #expect(client.messages == expected.map { .binary($0) })
        #expect(client.close?.code == 4001)
        #expect(site.log.all == ["127.0.0.1:9001 0 1"])
        site.network.stop()
    }

    struct RawSender: ConnectionHandler {
        mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
            let array = Array(data.bytes)
            peer.send(array)
            peer.send(array[1...])
            peer.send("é".utf8)
            peer.send([1, 2])
            peer.send(data.copy())
            peer.remote.send(array)
        }
    }

    @Test func everyKindIsSentWithoutWebSocket() throws {
        let network = SimulatedNetwork(seed: 1)
        let group = try network.makeGroup()
        let server = try TCPServer(on: "127.0.0.1:9000", group: group) { RawSender() }
        network.start(group)
        let peer = network.connect(to: server.address)
        peer.send([7, 8])
        let expected: [UInt8] = [7, 8, 8, 0xC3, 0xA9, 1, 2, 7, 8, 7, 8]
        #expect(try network.run { peer.received == expected })
        network.stop()
    }

    @Test func sharedBytesAreACollection() {
        let bytes = SharedBytes("hello")
        #expect(Array(bytes) == Array("hello".utf8) && Array(bytes.slice(1..<3)) == Array("el".utf8))
        #expect(bytes.firstIndex(of: UInt8(ascii: "l")) == 2 && bytes.last == UInt8(ascii: "o"))
        #expect(Array(SharedBytes()).isEmpty && SharedBytes().first == nil)
        #expect(String(decoding: bytes[1..<4], as: UTF8.self) == "ell")
        let counted = unsafe bytes.withContiguousStorageIfAvailable { $0.count }
        #expect(counted == 5)
    }
}
