// expect: overlapping accesses to 'consumer'
import ZCProto

func serve(_ given: consuming GoimConsumer) {
    var consumer = given
    while consumer.ready() == .ready {
        while consumer.get({ proto in
            consumer.getAdvance()
            print(proto.text)
        }) {}
    }
}
