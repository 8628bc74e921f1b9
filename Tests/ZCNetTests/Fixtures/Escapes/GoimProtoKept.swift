// expect: the '_read' accessor cannot return a ~Escapable result
import ZCProto

final class Hoarder: GoimHandler {
    var kept: GoimProto?

    func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {}
}
