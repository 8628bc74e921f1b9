// expect: overlapping accesses to 'ring', but modification requires exclusive access
import ZCNet

func take(from ring: inout ByteRing, _ more: RawSpan) throws {
    let first = ring.peek().first
    try ring.write(more)
    print(first.byteCount)
}
