// expect: overlapping accesses to 'peer'
import ZCProto

struct Handler: GoimHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<[Int]>) {
        peer.withState { state, _ in
            let view = state.span
            peer.state = []
            peer.send(GoimHeader(.sendMessageReply), "\(view[0])")
        }
    }
}
