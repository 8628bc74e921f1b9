// Generated from enum-null.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Example null enum
public enum EnumNullVectors {
    /// Example null enum
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// The enumeration LotType.
    @frozen public enum LotType: SBEEnumeration {
        /// Odd lot
        case oddLOT
        /// Round lot
        case roundLOT
        /// Block lot
        case blockLOT
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 1: self = .oddLOT
            case 2: self = .roundLOT
            case 3: self = .blockLOT
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .oddLOT: 1
            case .roundLOT: 2
            case .blockLOT: 3
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .oddLOT: "ODD_LOT"
            case .roundLOT: "ROUND_LOT"
            case .blockLOT: "BLOCK_LOT"
            case .null, .unknown: nil
            }
        }
    }

    /// The message enumMessage, template 1.
    public enum EnumMessage: SBEMessage {
        /// The schema.
        public typealias Schema = EnumNullVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "enumMessage" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
    }
}

extension SBEView where Block == EnumNullVectors.EnumMessage {
    /// `field1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var field1: EnumNullVectors.LotType { _load(0) }
}

extension SBEEncoder where Block == EnumNullVectors.EnumMessage {
    /// `field1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var field1: EnumNullVectors.LotType {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension EnumNullVectors.EnumMessage {
    /// A copy of `enumMessage` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EnumNullVectors.EnumMessage
        /// The field field1.
        public var field1: EnumNullVectors.LotType = .null

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.enumeration(&self.field1, "field1", 0, null: .null, isOptional: false)
        }
    }
}
