// expect: callbacks take `inout GoimConnection<State>`
import ZCGoim

struct Lobby: GoimHandler {
    func makeState() -> Int { 0 }
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: borrowing GoimConnection<Int>
    ) -> GoimVerdict { .refuse("nobody") }
    mutating func onOpen(_ peer: inout GoimConnection<Int>) {}
}
