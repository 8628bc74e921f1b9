// expect: overlapping accesses to 'buffer'
import ZCNet

func carry(_ buffer: inout PooledBuffer) {
    buffer.append { output in
        output.append(UInt8(1))
        buffer.clear()
    }
}
