// compiles
import ZCGoim
import ZCNetWebSocket
import ZCSBEServer

/// Every callback, with a state.
struct Lobby: GoimHandler {
    func makeState() -> [Int] { [] }
    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<[Int]>
    ) -> GoimVerdict { .refuse("nobody") }
    mutating func onOpen(_ peer: inout GoimConnection<[Int]>) {}
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<[Int]>) {}
    mutating func onConsumer(_ consumer: consuming GoimConsumer, of peer: inout GoimConnection<[Int]>) {}
    mutating func mayEnter(_ room: String?, _ peer: inout GoimConnection<[Int]>) -> Bool { false }
    mutating func onWritable(_ peer: inout GoimConnection<[Int]>) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<[Int]>) {}
    mutating func onClose(_ peer: inout GoimConnection<[Int]>, _ reason: GoimCloseReason) {}
}

/// None at all.
struct Open: GoimHandler, ~Copyable {}

struct Visitor: GoimClientHandler {
    func makeState() -> String { "" }
    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<String>) {}
    mutating func onHeartbeat(online: Int, _ peer: inout GoimConnection<String>) {}
    mutating func onClose(_ peer: inout GoimConnection<String>, _ reason: GoimCloseReason) {}
}

/// The state is whatever somebody else's is.
struct Wrapped<Inner: GoimHandler>: GoimHandler {
    var inner: Inner

    mutating func makeState() -> Inner.State { inner.makeState() }
    mutating func onOpen(_ peer: inout GoimConnection<Inner.State>) { inner.onOpen(&peer) }
}

struct Desk: TradeMessageHandler {
    func makeState() -> Int { 0 }
    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketConnection<Int>) {}
    mutating func onConnect(_ peer: inout WebSocketConnection<Int>) {}
    mutating func onConnect(_ peer: inout WebSocketConnection<Int>, _ upgrade: WebSocketUpgrade) {}
    mutating func onDisconnect(_ peer: inout WebSocketConnection<Int>, _ reason: WebSocketCloseReason) {}
    mutating func onError(_ error: GatewayError, from peer: inout WebSocketConnection<Int>) {}
    mutating func onWritable(_ peer: inout WebSocketConnection<Int>) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<Int>) {}
}

final class Least: TradeMessageHandler {
    func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketPeer) {}
}
