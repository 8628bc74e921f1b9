// expect: a function cannot return a ~Escapable result
import ZCNet

func first(_ consumer: inout SlotRing<SharedBytes>.Consumer) -> RawSpan {
    var kept = RawSpan()
    _ = consumer.get { slot in kept = slot.bytes }
    return kept
}
