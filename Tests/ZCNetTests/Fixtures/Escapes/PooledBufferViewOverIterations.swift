// expect: escapes its scope
import ZCNet

func last(_ pool: borrowing BufferPool) -> Int {
    var kept: RawSpan?
    while let buffer = pool.take(minimumCapacity: 1) { kept = buffer.bytes }
    return kept?.byteCount ?? 0
}
