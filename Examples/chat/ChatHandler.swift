import ZCNetWebSocket

/// A chat of rooms. What a client sends is one text message each:
///
/// - `/name NAME` names it, `/join ROOM` moves it, `/who` asks how many are in its room;
/// - anything else is said to its room, itself included.
///
/// What it hears is `* TEXT` from the server and `NAME: TEXT` from a member; and first, where it comes into a
/// room, what was heard there last.
struct ChatHandler: WebSocketHandler {
    /// What a connection is called and where it is.
    struct State {
        var name = "somebody"
        var room = "lobby"
    }

    /// A message longer than this is not chat.
    static let messageBytesMax = 4096
    static let nameCharactersMax = 32

    let rooms: Rooms<String>

    func makeState() -> State { State() }

    mutating func onOpen(_ peer: inout WebSocketConnection<State>, _ upgrade: WebSocketUpgrade) {
        enter("lobby", &peer)
    }

    mutating func onMessage(
        _ message: borrowing Message, from peer: inout WebSocketConnection<State>
    ) {
        guard message.isText else {
            return peer.close(.unsupportedData, reason: "text was expected, binary data came")
        }
        let text = message.text
        let words = text.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1].prefix(Self.nameCharactersMax)) : ""
        switch words.first {
        case "/name" where !rest.isEmpty:
            rooms.publish("* \(peer.state.name) is now \(rest)", to: peer.state.room)
            peer.state.name = rest
        case "/join" where !rest.isEmpty:
            leave(peer)
            enter(rest, &peer)
        case "/who": peer.send("* \(rooms.counts(peer.state.room).members) in \(peer.state.room)")
        default: rooms.publish("\(peer.state.name): \(text)", to: peer.state.room)
        }
    }

    /// The library has taken the connection out of its room already.
    mutating func onClose(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason) {
        rooms.publish("* \(peer.state.name) left", to: peer.state.room)
    }

    private func enter(_ room: String, _ peer: inout WebSocketConnection<State>) {
        peer.state.room = room
        // Sends the room's history as well.
        rooms.join(room, peer)
        peer.send("* you are in \(room)")
        rooms.publish("* \(peer.state.name) came", to: room, except: peer.id)
    }

    private func leave(_ peer: borrowing WebSocketConnection<State>) {
        rooms.leave(peer.state.room, peer)
        rooms.publish("* \(peer.state.name) left", to: peer.state.room)
    }
}
