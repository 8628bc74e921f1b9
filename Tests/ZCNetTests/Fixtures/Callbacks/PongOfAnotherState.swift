// expect: `onPong` takes `inout WebSocketConnection<State>`
import ZCNetWebSocket

struct Counting: WebSocketHandler, ~Copyable {
    func makeState() -> Int { 0 }
    mutating func onMessage(_ message: borrowing Message, from peer: inout WebSocketConnection<Int>) {}
    mutating func onPong(_ payload: RawSpan, from peer: inout WebSocketConnection<String>) {}
    mutating func onClose(_ peer: inout WebSocketConnection<Int>, _ reason: WebSocketCloseReason) {}
}
