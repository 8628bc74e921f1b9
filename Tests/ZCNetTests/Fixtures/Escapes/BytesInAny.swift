// expect: value of type 'RawSpan' does not conform to specified type 'Escapable'
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let kept: Any = chunk.bytes
    print(kept)
}
