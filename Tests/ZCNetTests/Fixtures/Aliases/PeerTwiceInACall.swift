// expect: inout arguments are not allowed to alias each other
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        help(&peer, &peer)
    }
    func help(_ first: inout Connection<[Int]>, _ second: inout Connection<[Int]>) {
        swap(&first.state, &second.state)
    }
}
