// expect: `onMessage` takes `inout GoimConnection<State>`; no throws
import ZCGoim

struct Lobby: GoimHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) throws {}
}
