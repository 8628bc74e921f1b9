// expect: is consuming
import ZCNet

func carry(_ buffer: inout PooledBuffer) {
    var kept: OutputRawSpan?
    buffer.append { output in kept = output }
    kept?.append(UInt8(1))
}
