// expect: type 'RawSpan' does not conform to protocol 'Escapable'
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    var kept: [RawSpan] = []
    kept.append(chunk.bytes)
}
