// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet

func carry(_ pool: borrowing BufferPool) {
    var kept = RawSpan()
    do {
        guard let buffer = pool.take(minimumCapacity: 1) else { return }
        kept = buffer.bytes
    }
    print(kept.byteCount)
}
