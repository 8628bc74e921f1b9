// compiles
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let bytes = chunk.bytes
    let sums = [1, 2].map { $0 + bytes.byteCount + chunk.count }
    withBytes(chunk) { print($0.byteCount, sums) }
}

func withBytes(_ chunk: borrowing ReceivedChunk, _ body: (RawSpan) -> Void) { body(chunk.bytes) }
