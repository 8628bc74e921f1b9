import ExampleSupport
import Glibc
import ToolSupport
import ZCNetWebSocket

/// Shows what a server says, and ends the program with the conversation.
struct Speaker: WebSocketHandler {
    let transcript: Transcript
    let messagesWanted: Int
    /// Told when a connection that was full has room again.
    let room: AsyncStream<Void>.Continuation

    mutating func onOpen(_ peer: inout WebSocketPeer, _ upgrade: WebSocketUpgrade) {
        var facts = ["connected to \(peer.remoteAddress)"]
        if let subprotocol = upgrade.subprotocol { facts.append("subprotocol \(subprotocol)") }
        if upgrade.isCompressed { facts.append("compressed") }
        if let security = peer.security { facts.append("\(security.version) \(security.cipherSuite)") }
        transcript.tell(facts.joined(separator: ", "))
    }

    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {
        let payload =
            message.isText ? FrameRecord.Payload.text(message.text) : .binary(Array(message.copy()))
        if transcript.heard(payload) == messagesWanted { peer.close() }
    }

    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketPeer) {
        transcript.tell("ping of \(payload.byteCount) bytes, answered")
    }

    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketPeer) { transcript.answered() }

    mutating func onWritable(_ peer: inout WebSocketPeer) { room.yield() }

    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketPeer) {
        transcript.tell("the server broke a rule: \(error)")
    }

    mutating func onClose(_ peer: inout WebSocketPeer, _ reason: WebSocketCloseReason) {
        transcript.tell("closed: \(reason)")
        let isGood: [WebSocketCloseCode] = [.normalClosure, .goingAway, .noStatusReceived]
        exit(reason.isClean && (reason.cause == .local || isGood.contains(reason.code)) ? 0 : 1)
    }
}
