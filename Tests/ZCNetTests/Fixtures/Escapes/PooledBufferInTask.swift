// expect: passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure
import ZCNet

func carry(_ buffer: consuming PooledBuffer) {
    Task { print(buffer.capacity) }
}
