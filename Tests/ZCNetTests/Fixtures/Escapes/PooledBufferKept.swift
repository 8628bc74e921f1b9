// compiles
import ZCNet

struct Carry: ~Copyable {
    var buffer: PooledBuffer?
    var count = 0
}

func carry(_ bytes: RawSpan, _ pool: borrowing BufferPool) -> Carry? {
    guard var buffer = pool.take(minimumCapacity: bytes.byteCount + 1) else { return nil }
    buffer.append(bytes)
    buffer.append { output in output.append(UInt8(1)) }
    print(buffer.bytes.byteCount)
    return Carry(buffer: buffer, count: 1)
}
