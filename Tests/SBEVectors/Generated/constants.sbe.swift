// Generated from constants.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Constants galore
public enum ConstantsVectors {
    /// Constants galore
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)) }
    }

    /// The enumeration Model.
    @frozen public enum Model: SBEEnumeration {
        /// `A`, 65 on the wire.
        case a
        /// `B`, 66 on the wire.
        case b
        /// `C`, 67 on the wire.
        case c
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 65: self = .a
            case 66: self = .b
            case 67: self = .c
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .a: 65
            case .b: 66
            case .c: 67
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .a: "A"
            case .b: "B"
            case .c: "C"
            case .null, .unknown: nil
            }
        }
    }

    /// The composite CompositeWithConst.
    public enum CompositeWithConst: SBECompositeType {
        /// The schema.
        public typealias Schema = ConstantsVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "CompositeWithConst" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
    }

    /// The message ConstantsGalore, template 1.
    public enum ConstantsGalore: SBEMessage {
        /// The schema.
        public typealias Schema = ConstantsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = ConstantsVectors.ConstantsGalore.F
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "ConstantsGalore" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 2 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field e.
            @_alwaysEmitIntoClient public var e: SBEMember<ConstantsVectors.ConstantsGalore.EField> { .init() }
            /// The group f.
            @_alwaysEmitIntoClient public var f: SBEMember<ConstantsVectors.ConstantsGalore.F> { .init() }
        }

        /// Where the field e is.
        public typealias EField = SBECompositePlace<ConstantsVectors.CompositeWithConst, 1, 0>

        /// An entry of the group f.
        public enum F: SBEGroupBlock {
            /// The schema.
            public typealias Schema = ConstantsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "f" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 2 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The field h.
                @_alwaysEmitIntoClient public var h: SBEMember<ConstantsVectors.ConstantsGalore.F.HField> { .init() }
            }

            /// Where the field h is.
            public typealias HField = SBECompositePlace<ConstantsVectors.CompositeWithConst, 1, 0>
        }
    }
}

extension SBEView where Block == ConstantsVectors.CompositeWithConst {
    /// `w` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var w: UInt8 { _load(0) }
    /// `x`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var x: UInt8 { 250 }
    /// `y`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var y: UInt16 { 9000 }
}

extension SBEEncoder where Block == ConstantsVectors.CompositeWithConst {
    /// `w` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var w: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ConstantsVectors.CompositeWithConst {
    /// A copy of `CompositeWithConst` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ConstantsVectors.CompositeWithConst
        /// The field w.
        public var w: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.w, "w", 0)
            visitor.constant(UInt8(250), "x")
            visitor.constant(UInt16(9000), "y")
        }
    }
}

extension SBEView where Block == ConstantsVectors.ConstantsGalore {
    /// `a` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var a: UInt8 { _load(0) }
    /// `b`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var b: UInt16 { 9000 }
    /// `c`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var c: ConstantsVectors.Model { .c }
    /// `d`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var d: UInt16 { 9000 }
}

extension SBEEncoder where Block == ConstantsVectors.ConstantsGalore {
    /// `a` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var a: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == ConstantsVectors.ConstantsGalore.F {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var f: Self { Self() }
}

extension SBEView where Block == ConstantsVectors.ConstantsGalore.F {
    /// `g` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var g: UInt8 { _load(0) }
    /// `i`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var i: UInt16 { 9000 }
    /// `j`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var j: UInt16 { 9000 }
    /// `k`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var k: ConstantsVectors.Model { .c }
    /// `l`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var l: String { "Huzzah" }
}

extension SBEEncoder where Block == ConstantsVectors.ConstantsGalore.F {
    /// `g` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var g: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ConstantsVectors.ConstantsGalore {
    /// A copy of `ConstantsGalore` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ConstantsVectors.ConstantsGalore
        /// The field a.
        public var a: UInt8 = 0
        /// The field e.
        public var e: ConstantsVectors.CompositeWithConst.Value = ConstantsVectors.CompositeWithConst.Value()
        /// The group f.
        public var f: [ConstantsVectors.ConstantsGalore.F.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.a, "a", 0)
            visitor.constant(UInt16(9000), "b")
            visitor.constant(ConstantsVectors.Model(sbeBits: 67), "c")
            visitor.constant(UInt16(9000), "d")
            visitor.composite(&self.e, "e", 1)
            visitor.group(&self.f)
        }
    }
}

extension ConstantsVectors.ConstantsGalore.F {
    /// A copy of `f` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ConstantsVectors.ConstantsGalore.F
        /// The field g.
        public var g: UInt8 = 0
        /// The field h.
        public var h: ConstantsVectors.CompositeWithConst.Value = ConstantsVectors.CompositeWithConst.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.g, "g", 0)
            visitor.composite(&self.h, "h", 1)
            visitor.constant(UInt16(9000), "i")
            visitor.constant(UInt16(9000), "j")
            visitor.constant(ConstantsVectors.Model(sbeBits: 67), "k")
            visitor.constant([72, 117, 122, 122, 97, 104], "l", .utf8)
        }
    }
}
