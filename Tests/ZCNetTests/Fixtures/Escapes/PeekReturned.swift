// expect: a function cannot return a ~Escapable result
import ZCNet

func take(from ring: borrowing ByteRing) -> ByteRing.Contents {
    ring.peek()
}
