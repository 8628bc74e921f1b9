// expect: 'buffer' consumed more than once
import ZCNet

func carry(_ buffer: consuming PooledBuffer) {
    let first = buffer
    let second = buffer
    print(first.capacity, second.capacity)
}
