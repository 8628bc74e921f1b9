// expect: lifetime-dependent variable 'bytes' escapes its scope
import ZCNet

final class Handler {
    var later: (() -> Void)?

    func onBytes(_ chunk: borrowing ReceivedChunk) {
        let bytes = chunk.bytes
        later = { print(bytes.byteCount) }
    }
}
