import TestSupport
import ZCSBEServer

/// Writes down what it is told, in a noncopyable struct with state for each connection.
struct LoggingTape: TradeMessageHandler, ~Copyable {
    struct State { var trades = 0 }

    let log: TradeLog

    mutating func makeState() -> State { State() }

    mutating func onTrade(_ trade: borrowing TradeView, from peer: inout WebSocketConnection<State>) {
        peer.state.trades += 1
        log.add(trade: trade.tradeId)
        if trade.symbol == "!" { peer.close(.normalClosure, reason: "enough") }
        if trade.symbol == "?" {
            let (id, quantity) = (trade.tradeId, trade.quantity)
            _ = try? peer.send(Trade.self) { answer in
                answer.tradeId = id
                answer.quantity = quantity + 1
                return answer.finish()
            }
        }
    }

    mutating func onConnect(_ peer: inout WebSocketConnection<State>) { log.add("connect") }

    mutating func onDisconnect(
        _ peer: inout WebSocketConnection<State>, _ reason: WebSocketCloseReason
    ) {
        log.add("disconnect \(reason.code.rawValue) after \(peer.state.trades)")
    }

    mutating func onError(_ error: GatewayError, from peer: inout WebSocketConnection<State>) {
        log.add("error \(error)")
    }
}
