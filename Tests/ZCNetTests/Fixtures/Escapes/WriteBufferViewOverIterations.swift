// expect: escapes its scope
import ZCNet

func last(_ source: inout WriteBuffer) throws -> Int {
    var kept: RawSpan?
    for _ in 0..<3 {
        kept = source.bytes
        try source.append(UInt8(1))
    }
    return kept?.byteCount ?? 0
}
