// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk, _ kept: inout RawSpan) {
    kept = chunk.bytes
}
