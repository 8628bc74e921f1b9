// expect: callbacks take `inout GoimConnection<State>`
import ZCGoim

struct Visitor: GoimClientHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}
    mutating func onClose(_ peer: borrowing GoimPeer, _ reason: GoimCloseReason) {}
}
