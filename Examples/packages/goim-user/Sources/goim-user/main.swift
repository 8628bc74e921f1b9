import ZCGoim

struct Lobby: GoimHandler {
    mutating func onOpen(_ peer: inout GoimPeer) {
        if peer.room == nil { peer.enter("lobby://1") }
    }
}

let message = GoimMessage(GoimOperation(rawValue: 1000), "EURUSD 1.0831")
print("operation \(message.operation.rawValue), \(message.encoded().count) bytes")

let server = try GoimServer(tcp: "127.0.0.1:0") { Lobby() }
try server.start()
server.shutdown()
print("a server began and ended")
