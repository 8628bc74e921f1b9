// expect: risks causing data races
import ZCNet

func later(_ peer: borrowing Peer) async {
    async let sent: Void = { _ = peer.send("x") }()
    await sent
}
