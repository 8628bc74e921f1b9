// expect: missing reinitialization of inout parameter 'peer' after consume
import ZCNet

struct Handler: ConnectionHandler {
    func makeState() -> [Int] { [1, 2, 3] }
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[Int]>) {
        let other = peer
        print(other.state)
    }
}
