// compiles
import ZCProto

struct Tally {
    var words: [Int] = []
    var total = 0
    mutating func drain(_ body: (Int) -> Void) {
        for word in words { body(word) }
        words.removeAll(keepingCapacity: true)
    }
}

struct Streams: ConnectionHandler {
    func makeState() -> Tally { Tally() }
    mutating func onOpen(_ peer: inout Connection<Tally>) { note(1, &peer) }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Tally>) {
        let count = data.count
        peer.state.total += count
        note(count, &peer)
        report(peer)
        peer.withState { tally, peer in tally.drain { word in peer.send("\(word)") } }
        for _ in 0..<2 { peer.state.words.append(count) }
        [1, 2].forEach { number in
            peer.state.total += number
            peer.send(data)
        }
        let sent = peer.withState { tally, peer in peer.send("\(tally.total)") }
        if !sent.isAccepted { peer.close() }
    }
    func note(_ word: Int, _ peer: inout Connection<Tally>) { peer.state.words.append(word) }
    func report(_ peer: borrowing Connection<Tally>) { peer.send("\(peer.state.total)") }
}

final class Chat: WebSocketHandler {
    func makeState() -> Tally { Tally() }
    func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Tally>) {
        peer.state.words.append(message.count)
        peer.withState { tally, peer in tally.drain { word in peer.send("\(word)") } }
    }
}

struct Lobby: GoimHandler, ~Copyable {
    func makeState() -> Tally { Tally() }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<Tally>) {
        peer.state.words.append(proto.body.count)
        peer.withState { tally, peer in
            tally.drain { word in peer.reply(to: proto, "\(word)") }
        }
    }
}
