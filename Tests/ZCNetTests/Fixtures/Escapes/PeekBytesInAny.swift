// expect: value of type 'RawSpan' does not conform to specified type 'Escapable'
import ZCNet

func take(from ring: borrowing ByteRing) {
    let kept: Any = ring.peek().first
    print(kept)
}
