// expect: escapes its scope
import ZCNet
import ZCProto

func last(_ source: inout WriteBuffer) throws -> Int {
    var kept: RawSpan?
    while !source.isEmpty {
        var batch = GoimBatch(ReceivedChunk(source.bytes))
        while let proto = try batch.next() { kept = proto.body.bytes }
        source.clear()
    }
    return kept?.byteCount ?? 0
}
