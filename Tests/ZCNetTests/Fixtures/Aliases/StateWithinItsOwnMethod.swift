// expect: overlapping accesses to 'peer'
import ZCNet

struct Words {
    var items = [1, 2, 3]
    mutating func each(_ body: (Int) -> Void) {
        let view = items.span
        for index in view.indices { body(view[index]) }
    }
}

struct Handler: ConnectionHandler {
    func makeState() -> Words { Words() }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<Words>) {
        peer.state.each { _ in peer.state.items = [] }
    }
}
