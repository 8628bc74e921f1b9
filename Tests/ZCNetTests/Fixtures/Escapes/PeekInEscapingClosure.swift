// expect: lifetime-dependent variable 'contents' escapes its scope
import ZCNet

func take(from ring: borrowing ByteRing) -> () -> Int {
    let contents = ring.peek()
    return { contents.count }
}
