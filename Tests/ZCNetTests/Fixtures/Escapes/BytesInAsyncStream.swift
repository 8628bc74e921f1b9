// expect: type 'RawSpan' does not conform to protocol 'Escapable'
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk, _ requests: AsyncStream<RawSpan>.Continuation) {
    requests.yield(chunk.bytes)
}
