// compiles
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let bytes = chunk.retain()
    Task { print(bytes.count) }
}
