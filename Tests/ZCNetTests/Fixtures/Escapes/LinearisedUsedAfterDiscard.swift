// expect: overlapping accesses to 'ring', but modification requires exclusive access
import ZCNet

func take(from ring: inout ByteRing) {
    let line = ring.linearise(4)
    ring.discard(4)
    print(line.byteCount)
}
