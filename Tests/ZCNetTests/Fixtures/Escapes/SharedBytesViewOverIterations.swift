// expect: escapes its scope
import ZCNet

func last(_ source: inout [SharedBytes]) throws -> Int {
    var kept: RawSpan?
    while let bytes = source.popLast() { kept = bytes.bytes }
    return kept?.byteCount ?? 0
}
