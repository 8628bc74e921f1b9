// Generated from trade.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Trades: a header of 8 bytes and a block of 21.
public enum TradeSchema: SBESchema {
    /// The schema's id.
    @_alwaysEmitIntoClient public static var id: Int { 1 }
    /// The schema's version.
    @_alwaysEmitIntoClient public static var version: Int { 0 }
    /// The layout of the message header.
    @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
}

/// One trade: 29 bytes with the header.
public enum Trade: SBEMessage {
    /// The schema.
    public typealias Schema = TradeSchema
    /// The first group or data.
    public typealias FirstPart = SBEEnd
    /// The name in the schema.
    @_alwaysEmitIntoClient public static var name: StaticString { "Trade" }
    /// The message's id.
    @_alwaysEmitIntoClient public static var templateID: Int { 1 }
    /// Bytes of the fields.
    @_alwaysEmitIntoClient public static var blockLength: Int { 21 }
}

extension SBEView where Block == Trade {
    /// The number of the trade.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeId: UInt64 { _load(0) }
    /// What was traded.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var symbol: SBEChar { _load(8) }
    /// The price of one.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double { _load(9) }
    /// How many.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt32 { _load(17) }
}

extension SBEEncoder where Block == Trade {
    /// The number of the trade.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeId: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// What was traded.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var symbol: SBEChar {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// The price of one.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double {
        get { _load(9) }
        nonmutating set { _store(newValue, 9) }
    }
    /// How many.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt32 {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
}

extension Trade {
    /// A copy of `Trade` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = Trade
        /// The number of the trade.
        public var tradeId: UInt64 = 0
        /// What was traded.
        public var symbol: SBEChar = SBEChar(0)
        /// The price of one.
        public var price: Double = 0
        /// How many.
        public var quantity: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tradeId, "trade_id", 0)
            visitor.number(&self.symbol, "symbol", 8)
            visitor.number(&self.price, "price", 9)
            visitor.number(&self.quantity, "quantity", 17)
        }
    }
}
