// expect: `onHeartbeat` takes `inout GoimConnection<State>`
import ZCGoim

struct Visitor: GoimClientHandler {
    func makeState() -> Int { 0 }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<Int>) {}
    mutating func onHeartbeat(online: Int, _ peer: inout GoimPeer) {}
}
