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
