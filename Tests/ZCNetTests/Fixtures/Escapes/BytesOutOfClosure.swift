// expect: requires that 'RawSpan' conform to 'Escapable'
import ZCNet

func onBytes(_ chunk: borrowing ReceivedChunk) {
    let kept = hold { () -> RawSpan in chunk.bytes }
    print(kept)
}

func hold<Value>(_ body: () -> Value) -> Value { body() }
