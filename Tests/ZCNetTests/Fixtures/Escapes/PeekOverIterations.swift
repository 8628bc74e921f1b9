// expect: escapes its scope
import ZCNet

func last(_ source: inout ByteRing) throws -> Int {
    var kept: RawSpan?
    while !source.isEmpty {
        kept = source.peek().first
        source.discard(1)
    }
    return kept?.byteCount ?? 0
}
