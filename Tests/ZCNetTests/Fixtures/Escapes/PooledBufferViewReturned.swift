// expect: a function cannot return a ~Escapable result
import ZCNet

func carry(_ pool: borrowing BufferPool) -> RawSpan? {
    pool.take(minimumCapacity: 1)?.bytes
}
