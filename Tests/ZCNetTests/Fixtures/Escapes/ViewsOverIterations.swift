// compiles
import ZCNet
import ZCProto

// The bytes stay where they are while the iterations go over them, so that views of them may be kept.
struct Longest: WebSocketHandler {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        var longest = RawSpan()
        var batch = GoimBatch(message.payload)
        do {
            while let proto = try batch.next() {
                if proto.bytes.byteCount > longest.byteCount { longest = proto.bytes }
            }
        } catch {
            peer.close(.protocolError, reason: "\(error)")
        }
        peer.send(binary: longest)
    }
}

func longest(_ ring: borrowing ByteRing) -> Int {
    let contents = ring.peek()
    var longest = contents.first
    if contents.second.byteCount > longest.byteCount { longest = contents.second }
    return longest.byteCount
}
