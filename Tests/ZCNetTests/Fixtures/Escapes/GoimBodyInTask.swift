// expect: lifetime-dependent variable 'bytes' escapes its scope
import ZCProto

// The example that goim's users are warned of: the body is handled later, when other bytes are there.
struct Dangerous: GoimHandler {
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        let bytes = proto.bytes
        Task {
            try? await Task.sleep(for: .seconds(1))
            print(bytes.byteCount)
        }
    }
}
