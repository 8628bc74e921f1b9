// expect: 'chunk' cannot be captured by an escaping closure since it is a borrowed parameter
import ZCNet

final class Handler {
    var later: (() -> Void)?

    func onBytes(_ chunk: borrowing ReceivedChunk) {
        later = { print(chunk.count) }
    }
}
