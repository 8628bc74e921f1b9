// expect: escapes its scope
import ZCNet
import ZCProto

func last(_ source: inout WriteBuffer) throws -> Int {
    var kept: RawSpan?
    let decoder = GoimDecoder()
    while !source.isEmpty {
        let chunk = ReceivedChunk(source.bytes)
        var position = 0
        while let proto = try decoder.next(in: chunk, at: &position) { kept = proto.bytes }
        source.clear()
    }
    return kept?.byteCount ?? 0
}
