import ExampleSupport
import ZCNet

/// Everybody hears every line that anybody says, whichever loop they are on.
struct Chat: ConnectionHandler {
    /// A line longer than this is not chat.
    static let lineBytesMax = 4096

    mutating func onOpen(_ peer: inout Peer) {
        peer.send("welcome, you are \(peer.id)\n")
        peer.loop.broadcast(SharedBytes("* \(peer.id) joined\n".utf8), except: peer.id)
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Peer) {
        var start = 0
        let bytes = data.span
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            say(data.extracting(start..<index + 1), by: peer)
            start = index + 1
        }
        // An unfinished line comes again, in front of what follows.
        peer.leaveUnread(data.count - start)
        if data.count - start > Self.lineBytesMax { peer.close() }
    }

    mutating func onClose(_ peer: inout Peer, _ reason: CloseReason) {
        peer.loop.broadcast(SharedBytes("* \(peer.id) left (\(reason))\n".utf8), except: peer.id)
    }

    private func say(_ line: borrowing ReceivedChunk, by peer: borrowing Peer) {
        var message = WriteBuffer()
        do {
            try message.append("\(peer.id): ".utf8)
            try message.append(line.bytes)
        } catch {
            return peer.close()
        }
        peer.loop.broadcast(message.freeze(), except: peer.id)
    }
}

let options = ExampleOptions(defaultPort: 9001)
serveUntilSignal {
    try TCPServer(on: "127.0.0.1:\(options.port)", configuration: options.configuration) { Chat() }
}
