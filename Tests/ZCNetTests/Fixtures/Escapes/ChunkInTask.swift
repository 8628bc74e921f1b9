// expect: 'chunk' cannot be captured by an escaping closure since it is a borrowed parameter
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    Task { print(chunk.count) }
}
