// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet
import ZCProto

func last(_ consumer: inout GoimConsumer) -> Int {
    var kept: RawSpan?
    while consumer.get({ proto in kept = proto.bytes }) { consumer.getAdvance() }
    return kept?.byteCount ?? 0
}
