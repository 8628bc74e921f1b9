// expect: type 'RawSpan' does not conform to protocol 'Escapable'
import ZCNet

func take(from ring: borrowing ByteRing) {
    var kept: [RawSpan] = []
    kept.append(ring.peek().first)
}
