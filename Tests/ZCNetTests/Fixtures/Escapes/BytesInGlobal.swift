// expect: lifetime-dependent variable 'chunk' escapes its scope
import ZCNet

nonisolated(unsafe) var kept: RawSpan?

func onBytes(_ chunk: borrowing ReceivedChunk) {
    kept = chunk.bytes
}
