// Generated from trade.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// 8-byte header + 21-byte block = 29 bytes
public enum TradeVectors {
    /// 8-byte header + 21-byte block = 29 bytes
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// One trade
    public enum Trade: SBEMessage {
        /// The schema.
        public typealias Schema = TradeVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Trade" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 21 }
    }
}

extension SBEView where Block == TradeVectors.Trade {
    /// `trade_id` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeId: UInt64 { _load(0) }
    /// `symbol` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var symbol: SBEChar { _load(8) }
    /// `price` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double { _load(9) }
    /// `quantity` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt32 { _load(17) }
}

extension SBEEncoder where Block == TradeVectors.Trade {
    /// `trade_id` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tradeId: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `symbol` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var symbol: SBEChar {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `price` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double {
        get { _load(9) }
        nonmutating set { _store(newValue, 9) }
    }
    /// `quantity` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt32 {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
}

extension TradeVectors.Trade {
    /// A copy of `Trade` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = TradeVectors.Trade
        /// The field trade_id.
        public var tradeId: UInt64 = 0
        /// The field symbol.
        public var symbol: SBEChar = SBEChar(0)
        /// The field price.
        public var price: Double = 0
        /// The field quantity.
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
