// expect: risks causing data races
import ZCNet

func later(_ peer: borrowing Peer) async {
    await withTaskGroup(of: Void.self) { group in group.addTask { peer.send("x") } }
}
