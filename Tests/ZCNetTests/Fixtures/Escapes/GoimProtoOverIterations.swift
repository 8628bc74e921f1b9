// expect: is consuming
import ZCNet
import ZCProto

func last(_ consumer: inout GoimConsumer) -> Int {
    var kept: GoimProto?
    while consumer.get({ proto in kept = proto }) { consumer.getAdvance() }
    return kept?.body.count ?? 0
}
