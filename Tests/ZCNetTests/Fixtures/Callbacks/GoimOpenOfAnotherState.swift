// expect: `onOpen` takes `inout GoimConnection<State>`
import ZCGoim

struct Lobby: GoimHandler {
    func makeState() -> Int { 0 }
    mutating func onOpen(_ peer: inout GoimPeer) {}
}
