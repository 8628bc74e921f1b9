// expect: cannot be captured by an escaping closure since it is a borrowed parameter
import ZCProto

struct Dangerous: GoimHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        Task { print(proto.text) }
    }
}
