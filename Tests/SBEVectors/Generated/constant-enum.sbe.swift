// Generated from constant-enum.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Enum Constants as top-level and group field
public enum ConstantEnumVectors {
    /// Enum Constants as top-level and group field
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

    /// The message ConstantEnums, template 1.
    public enum ConstantEnums: SBEMessage {
        /// The schema.
        public typealias Schema = ConstantEnumVectors.Schema
        /// The first group or data.
        public typealias FirstPart = ConstantEnumVectors.ConstantEnums.F
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "ConstantEnums" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group f.
            @_alwaysEmitIntoClient public var f: SBEMember<ConstantEnumVectors.ConstantEnums.F> { .init() }
        }

        /// An entry of the group f.
        public enum F: SBEGroupBlock {
            /// The schema.
            public typealias Schema = ConstantEnumVectors.Schema
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
            @_alwaysEmitIntoClient public static var blockLength: Int { 0 }
        }
    }
}

extension SBEView where Block == ConstantEnumVectors.ConstantEnums {
    /// `c`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var c: ConstantEnumVectors.Model { .c }
}

extension SBEPartName where Part == ConstantEnumVectors.ConstantEnums.F {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var f: Self { Self() }
}

extension SBEView where Block == ConstantEnumVectors.ConstantEnums.F {
    /// `k`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var k: ConstantEnumVectors.Model { .c }
}

extension ConstantEnumVectors.ConstantEnums {
    /// A copy of `ConstantEnums` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ConstantEnumVectors.ConstantEnums
        /// The group f.
        public var f: [ConstantEnumVectors.ConstantEnums.F.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.constant(ConstantEnumVectors.Model(sbeBits: 67), "c")
            visitor.group(&self.f)
        }
    }
}

extension ConstantEnumVectors.ConstantEnums.F {
    /// A copy of `f` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ConstantEnumVectors.ConstantEnums.F

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.constant(ConstantEnumVectors.Model(sbeBits: 67), "k")
        }
    }
}
