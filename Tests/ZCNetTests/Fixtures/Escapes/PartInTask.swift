// expect: lifetime-dependent value escapes its scope
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let part = chunk.extracting(0..<1)
    Task { print(part.count) }
}
