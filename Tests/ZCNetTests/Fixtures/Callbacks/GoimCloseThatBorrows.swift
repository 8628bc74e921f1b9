// expect: callbacks take `inout GoimConnection<State>`
import ZCGoim

/// The only callback, as a handler of goim may have it.
struct Lobby: GoimHandler {
    mutating func onClose(_ peer: borrowing GoimPeer, _ reason: GoimCloseReason) {}
}
