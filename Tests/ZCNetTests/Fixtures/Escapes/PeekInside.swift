// compiles
import ZCNet

func take(from ring: inout ByteRing) -> SharedBytes {
    let kept = ring.peek(4).copy()
    let first = ring.peek().first.byteCount
    ring.discard(first)
    print(ring.linearise(0).byteCount)
    return kept
}

func later(_ bytes: SharedBytes) {
    Task { print(bytes.count) }
}
