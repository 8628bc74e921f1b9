// compiles
import ZCNetWebSocket

/// Every callback, with a state.
struct Whole: WebSocketHandler {
    struct Member { var count = 0 }

    func makeState() -> Member { Member() }
    mutating func onOpen(_ peer: inout WebSocketConnection<Member>, _ upgrade: WebSocketUpgrade) {}
    mutating func onOpen(_ peer: inout WebSocketConnection<Member>) {}
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Member>) {
        peer.state.count += 1
        help(peer)
    }
    mutating func onFragment(_ fragment: borrowing WebSocketFragment, from peer: inout WebSocketConnection<Member>) {}
    mutating func onPing(_ payload: RawSpan, from peer: inout WebSocketConnection<Member>) {}
    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<Member>) {}
    mutating func onWritable(_ peer: inout WebSocketConnection<Member>) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<Member>) {}
    mutating func onError(_ error: WebSocketError, from peer: inout WebSocketConnection<Member>) {}
    mutating func onClose(_ peer: inout WebSocketConnection<Member>, _ reason: WebSocketCloseReason) {}

    /// What is no callback may borrow.
    private func help(_ peer: borrowing WebSocketConnection<Member>) {}
}

/// None but the one that has to be there.
final class Least: WebSocketHandler {
    func onMessage(_ message: borrowing Message, from peer: inout WebSocketPeer) {}
}

/// The state's name is the protocol's own.
struct Named: WebSocketHandler, ~Copyable {
    final class State {}

    func makeState() -> State { State() }
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<State>) {}
    mutating func onClose(_ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason) {}
}

/// The state is whatever somebody else's is.
struct Wrapped<Inner: WebSocketHandler & ~Copyable>: WebSocketHandler, ~Copyable {
    var inner: Inner

    mutating func makeState() -> Inner.State { inner.makeState() }
    mutating func onOpen(_ peer: inout WebSocketConnection<Inner.State>, _ upgrade: WebSocketUpgrade) {
        inner.onOpen(&peer, upgrade)
    }
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Inner.State>) {
        inner.onMessage(message, from: &peer)
    }
    mutating func onClose(_ peer: inout WebSocketConnection<Inner.State>, _ reason: WebSocketCloseReason) {
        inner.onClose(&peer, reason)
    }
}

/// A protocol of the application's own, with defaults of its own.
protocol Counted: WebSocketHandler where State == Int {}

extension Counted {
    func makeState() -> Int { 0 }
    mutating func onClose(_ peer: inout WebSocketConnection<Int>, _ reason: WebSocketCloseReason) {}
}

struct Counting: Counted {
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Int>) {}
}

struct Stream: ConnectionHandler {
    func makeState() -> [UInt8] { [] }
    mutating func onOpen(_ peer: inout Connection<[UInt8]>) {}
    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<[UInt8]>) {}
    mutating func onWritable(_ peer: inout Connection<[UInt8]>) {}
    mutating func onPeerEnded(_ peer: inout Connection<[UInt8]>) {}
    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<[UInt8]>) {}
    mutating func onClose(_ peer: inout Connection<[UInt8]>, _ reason: CloseReason) {}
}
