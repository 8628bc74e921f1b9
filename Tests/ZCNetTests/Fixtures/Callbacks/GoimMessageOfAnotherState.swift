// expect: `onMessage` takes `inout GoimConnection<State>`
import ZCGoim

struct Lobby: GoimHandler {
    func makeState() -> Int { 0 }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<String>) {}
}
