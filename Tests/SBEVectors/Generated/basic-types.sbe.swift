// Generated from basic-types.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum BasicTypesVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 3 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// enum as uint8
    @frozen public enum Enum: SBEEnumeration {
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

    /// set as uint32
    @frozen public struct SET: SBEChoices {
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

    /// Message identifiers and length of message root
    public enum MessageHeader: SBECompositeType {
        /// The schema.
        public typealias Schema = BasicTypesVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "messageHeader" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// The message Message1, template 1.
    public enum Message1: SBEMessage {
        /// The schema.
        public typealias Schema = BasicTypesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 41 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BasicTypesVectors.Message1.HeaderField> { .init() }
            /// The field EDTField.
            @_alwaysEmitIntoClient public var edtField: SBEMember<BasicTypesVectors.Message1.EDTFieldField> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BasicTypesVectors.MessageHeader, 0, 0>

        /// Where the field EDTField is.
        public typealias EDTFieldField = SBETextPlace<BasicTypesVectors.Message1, 8, 20, 0, SBEUTF8Text>

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "EDTField"
        }
    }

    /// The message Message1WithOffsets, template 2.
    public enum Message1WithOffsets: SBEMessage {
        /// The schema.
        public typealias Schema = BasicTypesVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message1WithOffsets" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 144 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BasicTypesVectors.Message1WithOffsets.HeaderField> { .init() }
            /// The field EDTField.
            @_alwaysEmitIntoClient public var edtField: SBEMember<BasicTypesVectors.Message1WithOffsets.EDTFieldField> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BasicTypesVectors.MessageHeader, 0, 0>

        /// Where the field EDTField is.
        public typealias EDTFieldField = SBETextPlace<BasicTypesVectors.Message1WithOffsets, 8, 20, 0, SBEUTF8Text>

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "EDTField"
        }
    }
}

extension SBEView where Block == BasicTypesVectors.MessageHeader {
    /// `blockLength` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var blockLength: UInt16 { _load(0) }
    /// `templateId` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var templateId: UInt16 { _load(2) }
    /// `schemaId` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var schemaId: UInt16 { _load(4) }
    /// `version` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var version: UInt16 { _load(6) }
}

extension SBEEncoder where Block == BasicTypesVectors.MessageHeader {
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

extension BasicTypesVectors.MessageHeader {
    /// A copy of `messageHeader` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BasicTypesVectors.MessageHeader
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

extension SBEView where Block == BasicTypesVectors.Message1 {
    /// `ENUMField` at byte 28.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumField: BasicTypesVectors.Enum { _load(28) }
    /// `SETField` at byte 29.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setField: BasicTypesVectors.SET { _load(29) }
    /// `int64Field` at byte 33.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var int64Field: Int64 { _load(33) }
}

extension SBEEncoder where Block == BasicTypesVectors.Message1 {
    /// `ENUMField` at byte 28.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumField: BasicTypesVectors.Enum {
        get { _load(28) }
        nonmutating set { _store(newValue, 28) }
    }
    /// `SETField` at byte 29.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setField: BasicTypesVectors.SET {
        get { _load(29) }
        nonmutating set { _store(newValue, 29) }
    }
    /// `int64Field` at byte 33.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var int64Field: Int64 {
        get { _load(33) }
        nonmutating set { _store(newValue, 33) }
    }
}

extension BasicTypesVectors.Message1 {
    /// A copy of `Message1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BasicTypesVectors.Message1
        /// The field header.
        public var header: BasicTypesVectors.MessageHeader.Value = BasicTypesVectors.MessageHeader.Value()
        /// The field EDTField.
        public var edtField: SBEOctets = SBEOctets()
        /// The field ENUMField.
        public var enumField: BasicTypesVectors.Enum = .null
        /// The field SETField.
        public var setField: BasicTypesVectors.SET = []
        /// The field int64Field.
        public var int64Field: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.text(&self.edtField, "EDTField", 8, 20, .utf8, isASCII: true)
            visitor.enumeration(&self.enumField, "ENUMField", 28, null: .null, isOptional: false)
            visitor.choices(&self.setField, "SETField", 29)
            visitor.number(&self.int64Field, "int64Field", 33)
        }
    }
}

extension SBEView where Block == BasicTypesVectors.Message1WithOffsets {
    /// `ENUMField` at byte 32.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumField: BasicTypesVectors.Enum { _load(32) }
    /// `SETField` at byte 128.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setField: BasicTypesVectors.SET { _load(128) }
    /// `int64Field` at byte 136.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var int64Field: Int64 { _load(136) }
}

extension SBEEncoder where Block == BasicTypesVectors.Message1WithOffsets {
    /// `ENUMField` at byte 32.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumField: BasicTypesVectors.Enum {
        get { _load(32) }
        nonmutating set { _store(newValue, 32) }
    }
    /// `SETField` at byte 128.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setField: BasicTypesVectors.SET {
        get { _load(128) }
        nonmutating set { _store(newValue, 128) }
    }
    /// `int64Field` at byte 136.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var int64Field: Int64 {
        get { _load(136) }
        nonmutating set { _store(newValue, 136) }
    }
}

extension BasicTypesVectors.Message1WithOffsets {
    /// A copy of `Message1WithOffsets` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BasicTypesVectors.Message1WithOffsets
        /// The field header.
        public var header: BasicTypesVectors.MessageHeader.Value = BasicTypesVectors.MessageHeader.Value()
        /// The field EDTField.
        public var edtField: SBEOctets = SBEOctets()
        /// The field ENUMField.
        public var enumField: BasicTypesVectors.Enum = .null
        /// The field SETField.
        public var setField: BasicTypesVectors.SET = []
        /// The field int64Field.
        public var int64Field: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.text(&self.edtField, "EDTField", 8, 20, .utf8, isASCII: true)
            visitor.enumeration(&self.enumField, "ENUMField", 32, null: .null, isOptional: false)
            visitor.choices(&self.setField, "SETField", 128)
            visitor.number(&self.int64Field, "int64Field", 136)
        }
    }
}
