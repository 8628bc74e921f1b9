// expect: overlapping accesses to 'ring', but modification requires exclusive access
import ZCNet

func take(from ring: inout ByteRing) {
    let contents = ring.peek()
    ring.discard(1)
    print(contents.count)
}
