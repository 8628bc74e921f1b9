// Generated from encoding-types.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum EncodingTypesVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 8 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// enum as char
    @frozen public enum EChar: SBEEnumeration {
        /// `ValueA`, 65 on the wire.
        case valueA
        /// `ValueB`, 66 on the wire.
        case valueB
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 65: self = .valueA
            case 66: self = .valueB
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .valueA: 65
            case .valueB: 66
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .valueA: "ValueA"
            case .valueB: "ValueB"
            case .null, .unknown: nil
            }
        }
    }

    /// enum as uint8
    @frozen public enum EUInt8: SBEEnumeration {
        /// `Value1`, 1 on the wire.
        case value1
        /// `Value10`, 10 on the wire.
        case value10
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 1: self = .value1
            case 10: self = .value10
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .value1: 1
            case .value10: 10
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .value1: "Value1"
            case .value10: "Value10"
            case .null, .unknown: nil
            }
        }
    }

    /// set as uint8
    @frozen public struct SUInt8: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `Bit0`, bit 0.
        @_alwaysEmitIntoClient public static var bit0: Self { Self(rawValue: 1) }
        /// `Bit6`, bit 6.
        @_alwaysEmitIntoClient public static var bit6: Self { Self(rawValue: 64) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "Bit0"), (Self(rawValue: 64), "Bit6")]
        }
    }

    /// set as uint16
    @frozen public struct SUInt16: SBEChoices {
        /// The bits.
        public var rawValue: UInt16

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// `Bit0`, bit 0.
        @_alwaysEmitIntoClient public static var bit0: Self { Self(rawValue: 1) }
        /// `Bit15`, bit 15.
        @_alwaysEmitIntoClient public static var bit15: Self { Self(rawValue: 32768) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "Bit0"), (Self(rawValue: 32768), "Bit15")]
        }
    }

    /// set as uint32
    @frozen public struct SUInt32: SBEChoices {
        /// The bits.
        public var rawValue: UInt32

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `Bit0`, bit 0.
        @_alwaysEmitIntoClient public static var bit0: Self { Self(rawValue: 1) }
        /// `Bit16`, bit 16.
        @_alwaysEmitIntoClient public static var bit16: Self { Self(rawValue: 65536) }
        /// `Bit26`, bit 26.
        @_alwaysEmitIntoClient public static var bit26: Self { Self(rawValue: 67108864) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "Bit0"), (Self(rawValue: 65536), "Bit16"), (Self(rawValue: 67108864), "Bit26")]
        }
    }

    /// set as uint64
    @frozen public struct SUInt64: SBEChoices {
        /// The bits.
        public var rawValue: UInt64

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt64) { self.rawValue = rawValue }

        /// `Bit0`, bit 0.
        @_alwaysEmitIntoClient public static var bit0: Self { Self(rawValue: 1) }
        /// `Bit16`, bit 16.
        @_alwaysEmitIntoClient public static var bit16: Self { Self(rawValue: 65536) }
        /// `Bit26`, bit 26.
        @_alwaysEmitIntoClient public static var bit26: Self { Self(rawValue: 67108864) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "Bit0"), (Self(rawValue: 65536), "Bit16"), (Self(rawValue: 67108864), "Bit26")]
        }
    }

    /// Message identifiers and length of message root
    public enum MessageHeader: SBECompositeType {
        /// The schema.
        public typealias Schema = EncodingTypesVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "messageHeader" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// The message Message1, template 1.
    public enum Message1: SBEMessage {
        /// The schema.
        public typealias Schema = EncodingTypesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 25 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<EncodingTypesVectors.Message1.HeaderField> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<EncodingTypesVectors.MessageHeader, 0, 0>
    }
}

extension SBEView where Block == EncodingTypesVectors.MessageHeader {
    /// `blockLength` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var blockLength: UInt16 { _load(0) }
    /// `templateId` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var templateId: UInt16 { _load(2) }
    /// `schemaId` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var schemaId: UInt16 { _load(4) }
    /// `version` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var version: UInt16 { _load(6) }
}

extension SBEEncoder where Block == EncodingTypesVectors.MessageHeader {
    /// `blockLength` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var blockLength: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `templateId` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var templateId: UInt16 {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
    /// `schemaId` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var schemaId: UInt16 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
    /// `version` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var version: UInt16 {
        get { _load(6) }
        nonmutating set { _store(newValue, 6) }
    }
}

extension EncodingTypesVectors.MessageHeader {
    /// A copy of `messageHeader` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EncodingTypesVectors.MessageHeader
        /// The field blockLength.
        public var blockLength: UInt16 = 0
        /// The field templateId.
        public var templateId: UInt16 = 0
        /// The field schemaId.
        public var schemaId: UInt16 = 0
        /// The field version.
        public var version: UInt16 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.blockLength, "blockLength", 0)
            visitor.number(&self.templateId, "templateId", 2)
            visitor.number(&self.schemaId, "schemaId", 4)
            visitor.number(&self.version, "version", 6)
        }
    }
}

extension SBEView where Block == EncodingTypesVectors.Message1 {
    /// `EC` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ec: EncodingTypesVectors.EChar { _load(8) }
    /// `E8` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var e8: EncodingTypesVectors.EUInt8 { _load(9) }
    /// `S8` at byte 10.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s8: EncodingTypesVectors.SUInt8 { _load(10) }
    /// `S16` at byte 11.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s16: EncodingTypesVectors.SUInt16 { _load(11) }
    /// `S32` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s32: EncodingTypesVectors.SUInt32 { _load(13) }
    /// `S64` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s64: EncodingTypesVectors.SUInt64 { _load(17) }
}

extension SBEEncoder where Block == EncodingTypesVectors.Message1 {
    /// `EC` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var ec: EncodingTypesVectors.EChar {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `E8` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var e8: EncodingTypesVectors.EUInt8 {
        get { _load(9) }
        nonmutating set { _store(newValue, 9) }
    }
    /// `S8` at byte 10.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s8: EncodingTypesVectors.SUInt8 {
        get { _load(10) }
        nonmutating set { _store(newValue, 10) }
    }
    /// `S16` at byte 11.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s16: EncodingTypesVectors.SUInt16 {
        get { _load(11) }
        nonmutating set { _store(newValue, 11) }
    }
    /// `S32` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s32: EncodingTypesVectors.SUInt32 {
        get { _load(13) }
        nonmutating set { _store(newValue, 13) }
    }
    /// `S64` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var s64: EncodingTypesVectors.SUInt64 {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
}

extension EncodingTypesVectors.Message1 {
    /// A copy of `Message1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EncodingTypesVectors.Message1
        /// The field header.
        public var header: EncodingTypesVectors.MessageHeader.Value = EncodingTypesVectors.MessageHeader.Value()
        /// The field EC.
        public var ec: EncodingTypesVectors.EChar = .null
        /// The field E8.
        public var e8: EncodingTypesVectors.EUInt8 = .null
        /// The field S8.
        public var s8: EncodingTypesVectors.SUInt8 = []
        /// The field S16.
        public var s16: EncodingTypesVectors.SUInt16 = []
        /// The field S32.
        public var s32: EncodingTypesVectors.SUInt32 = []
        /// The field S64.
        public var s64: EncodingTypesVectors.SUInt64 = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.enumeration(&self.ec, "EC", 8, null: .null, isOptional: false)
            visitor.enumeration(&self.e8, "E8", 9, null: .null, isOptional: false)
            visitor.choices(&self.s8, "S8", 10)
            visitor.choices(&self.s16, "S16", 11)
            visitor.choices(&self.s32, "S32", 13)
            visitor.choices(&self.s64, "S64", 17)
        }
    }
}
