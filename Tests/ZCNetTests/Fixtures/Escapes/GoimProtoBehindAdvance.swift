// expect: overlapping accesses to 'consumer'
import ZCProto

func serve(_ given: consuming GoimConsumer) {
    var consumer = given
    while consumer.ready() == .ready {
        while let proto = consumer.get() {
            consumer.getAdvance()
            print(proto.text)
        }
    }
}
