// expect: escapes its scope
import ZCNet

func last(_ source: [String]) throws -> Int {
    var kept: RawSpan?
    for path in source {
        let file = try MappedFile(path: path)
        kept = file.bytes
    }
    return kept?.byteCount ?? 0
}
