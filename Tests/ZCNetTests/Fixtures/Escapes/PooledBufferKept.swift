// compiles
import ZCNet

struct Carry: ~Copyable {
    var buffer: PooledBuffer?
    var count = 0
}

func carry(_ bytes: RawSpan, _ pool: borrowing BufferPool) -> Carry? {
    guard var buffer = pool.take(minimumCapacity: bytes.byteCount) else { return nil }
    var room = buffer.mutableBytes
    room.storeBytes(of: 1, as: UInt8.self)
    print(buffer.bytes(count: 1).byteCount)
    return Carry(buffer: buffer, count: 1)
}
