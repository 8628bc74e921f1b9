// compiles
import ZCProto

final class Careful: GoimHandler {
    var kept: [GoimMessage] = []

    func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
        kept.append(GoimMessage(retaining: proto))
        let remote = peer.remote
        Task { remote.send(GoimMessage(.sendMessage, "later")) }
        peer.reply(to: proto, proto.bytes)
    }
}

func serve(_ given: consuming GoimConsumer) {
    var consumer = given
    var replies = consumer.makeReplies()
    while consumer.ready() == .ready {
        while let proto = consumer.get() {
            print(proto.text)
            replies.acknowledge(proto.header)
            consumer.getAdvance()
        }
        replies.flush()
    }
}
