// expect: lifetime-dependent variable 'contents' escapes its scope
import ZCNet

func take(from ring: consuming ByteRing) {
    let contents = ring.peek()
    Task { print(contents.count) }
}
