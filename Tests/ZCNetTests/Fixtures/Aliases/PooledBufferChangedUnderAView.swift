// expect: overlapping accesses to 'buffer'
import ZCNet

func carry(_ buffer: inout PooledBuffer) {
    let view = buffer.bytes
    buffer.clear()
    print(view.byteCount)
}
