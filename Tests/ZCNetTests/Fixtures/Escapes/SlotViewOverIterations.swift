// expect: lifetime-dependent variable 'kept' escapes its scope
import ZCNet

func last(_ consumer: inout SlotRing<SharedBytes>.Consumer) -> Int {
    var kept: RawSpan?
    while consumer.get({ slot in kept = slot.bytes }) { _ = consumer.getAdvance() }
    return kept?.byteCount ?? 0
}
