public import ZCNetWebSocket

extension HandOff where Element == Trade.Value {
    /// Offers the trades of a frame, copied, under one lock.
    ///
    /// - Returns: how many were taken.
    @discardableResult
    public func offer<State>(
        _ trades: borrowing TradeBatch, from peer: borrowing WebSocketConnection<State>
    ) -> Int {
        offer(trades.count, from: peer) { Trade.Value(trades[$0]) }
    }
}
