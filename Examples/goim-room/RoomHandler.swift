import ZCProto

/// Everybody in a room hears what anybody in it says.
struct RoomHandler: GoimHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        guard let room = peer.room, let hub = peer.hub else { return }
        var message = GoimMessage(retaining: proto)
        message.header.operation = GoimOperation(rawValue: 1000)
        hub.push(message, toRoom: room)
    }
}
