// expect: overlapping accesses to 'buffer', but modification requires exclusive access
import ZCNet

func write(_ buffer: inout WriteBuffer) throws {
    let bytes = buffer.bytes
    try buffer.append(1 as UInt8)
    print(bytes.byteCount)
}
