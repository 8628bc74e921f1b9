// Generated from composite-elements.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum CompositeElementsVectors {
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
    @frozen public enum OuterEnumOne: SBEEnumeration {
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
    @frozen public struct OuterSetOne: SBEChoices {
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

    /// The composite inner.
    public enum OuterInner: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeElementsVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "inner" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }
    }

    /// The composite outer.
    public enum Outer: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeElementsVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "outer" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 22 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field inner.
            @_alwaysEmitIntoClient public var inner: SBEMember<CompositeElementsVectors.Outer.InnerField> { .init() }
        }

        /// Where the field inner is.
        public typealias InnerField = SBECompositePlace<CompositeElementsVectors.OuterInner, 6, 0>
    }

    /// The message Msg, template 1.
    public enum Msg: SBEMessage {
        /// The schema.
        public typealias Schema = CompositeElementsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Msg" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 22 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field structure.
            @_alwaysEmitIntoClient public var structure: SBEMember<CompositeElementsVectors.Msg.StructureField> { .init() }
        }

        /// Where the field structure is.
        public typealias StructureField = SBECompositePlace<CompositeElementsVectors.Outer, 0, 0>
    }
}

extension SBEView where Block == CompositeElementsVectors.OuterInner {
    /// `first` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var first: Int64 { _load(0) }
    /// `second` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var second: Int64 { _load(8) }
}

extension SBEEncoder where Block == CompositeElementsVectors.OuterInner {
    /// `first` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var first: Int64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `second` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var second: Int64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension CompositeElementsVectors.OuterInner {
    /// A copy of `inner` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeElementsVectors.OuterInner
        /// The field first.
        public var first: Int64 = 0
        /// The field second.
        public var second: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.first, "first", 0)
            visitor.number(&self.second, "second", 8)
        }
    }
}

extension SBEView where Block == CompositeElementsVectors.Outer {
    /// enum as uint8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumOne: CompositeElementsVectors.OuterEnumOne { _load(0) }
    /// `zeroth` at byte 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var zeroth: UInt8 { _load(1) }
    /// set as uint32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setOne: CompositeElementsVectors.OuterSetOne { _load(2) }
}

extension SBEEncoder where Block == CompositeElementsVectors.Outer {
    /// enum as uint8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var enumOne: CompositeElementsVectors.OuterEnumOne {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `zeroth` at byte 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var zeroth: UInt8 {
        get { _load(1) }
        nonmutating set { _store(newValue, 1) }
    }
    /// set as uint32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var setOne: CompositeElementsVectors.OuterSetOne {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension CompositeElementsVectors.Outer {
    /// A copy of `outer` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeElementsVectors.Outer
        /// enum as uint8
        public var enumOne: CompositeElementsVectors.OuterEnumOne = .null
        /// The field zeroth.
        public var zeroth: UInt8 = 0
        /// set as uint32
        public var setOne: CompositeElementsVectors.OuterSetOne = []
        /// The field inner.
        public var inner: CompositeElementsVectors.OuterInner.Value = CompositeElementsVectors.OuterInner.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.enumeration(&self.enumOne, "enumOne", 0, null: .null, isOptional: false)
            visitor.number(&self.zeroth, "zeroth", 1)
            visitor.choices(&self.setOne, "setOne", 2)
            visitor.composite(&self.inner, "inner", 6)
        }
    }
}

extension CompositeElementsVectors.Msg {
    /// A copy of `Msg` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeElementsVectors.Msg
        /// The field structure.
        public var structure: CompositeElementsVectors.Outer.Value = CompositeElementsVectors.Outer.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.structure, "structure", 0)
        }
    }
}
