// expect: lifetime-dependent variable 'bytes' escapes its scope
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let bytes = chunk.bytes
    Task { print(bytes.byteCount) }
}
