public import ZCNetWebSocket
public import ZCSBE

/// A trade in the frame that it came in, read in place.
///
/// Lent to a callback: it cannot be stored, captured by a `Task` or returned. `Trade.Value(trade)` is a copy
/// that can.
public typealias TradeView = SBEView<Trade>

/// The trades of a frame, read in place.
///
/// ```swift
/// for index in trades.indices { volume += UInt64(trades[index].quantity) }
/// ```
public typealias TradeBatch = SBEBatch<Trade>

extension Trade {
    /// Bytes of a message, its header included: 29.
    @inlinable
    public static var encodedLength: Int { Schema.header.size + blockLength }

    /// The messages of trades, back to back: one frame.
    ///
    /// ```swift
    /// let frame = Trade.encoded([first, second])          // 58 bytes
    /// ```
    /// O(trades); one allocation.
    public static func encoded(_ trades: some Collection<Value>) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: trades.count * encodedLength)
        var position = 0
        frame.withMutableBytes { bytes in
            for trade in trades {
                guard let count = try? Trade.encode(into: &bytes, from: position, { try trade.write($0) })
                else {
                    preconditionFailure("a trade takes \(encodedLength) bytes, and there is room for all")
                }
                position += count
            }
        }
        return frame
    }
}

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
