// Generated from extension-v4.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum ExtensionVectorsV4 {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 4 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
    }

    /// The enumeration AEnum.
    @frozen public enum AEnum: SBEEnumeration {
        /// `FirstValue`, 0 on the wire.
        case firstValue
        /// `SecondValue`, 1 on the wire.
        case secondValue
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 0: self = .firstValue
            case 1: self = .secondValue
            case 255: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .firstValue: 0
            case .secondValue: 1
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .firstValue: "FirstValue"
            case .secondValue: "SecondValue"
            case .null, .unknown: nil
            }
        }
    }

    /// The set ASet.
    @frozen public struct ASet: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `FirstChoice`, bit 0.
        @_alwaysEmitIntoClient public static var firstChoice: Self { Self(rawValue: 1) }
        /// `SecondChoice`, bit 1.
        @_alwaysEmitIntoClient public static var secondChoice: Self { Self(rawValue: 2) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "FirstChoice"), (Self(rawValue: 2), "SecondChoice")]
        }
    }

    /// The composite AComposite.
    public enum AComposite: SBECompositeType {
        /// The schema.
        public typealias Schema = ExtensionVectorsV4.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "AComposite" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// The message TestMessage1, template 1.
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectorsV4.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 14 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 4 { return 14 }
            if version >= 3 { return 13 }
            if version >= 2 { return 12 }
            if version >= 1 { return 8 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field tag3.
            @_alwaysEmitIntoClient public var tag3: SBELaterMember<ExtensionVectorsV4.TestMessage1.Tag3Field> { .init() }
        }

        /// Where the field tag3 is.
        public typealias Tag3Field = SBECompositePlace<ExtensionVectorsV4.AComposite, 8, 2>
    }

    /// The message TestMessage2, template 2.
    public enum TestMessage2: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectorsV4.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 14 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 4 { return 14 }
            if version >= 3 { return 13 }
            if version >= 2 { return 12 }
            if version >= 1 { return 8 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field tag3.
            @_alwaysEmitIntoClient public var tag3: SBELaterMember<ExtensionVectorsV4.TestMessage2.Tag3Field> { .init() }
        }

        /// Where the field tag3 is.
        public typealias Tag3Field = SBECompositePlace<ExtensionVectorsV4.AComposite, 4, 1>
    }
}

extension SBEView where Block == ExtensionVectorsV4.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 { _load(0) }
}

extension SBEEncoder where Block == ExtensionVectorsV4.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ExtensionVectorsV4.AComposite {
    /// A copy of `AComposite` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV4.AComposite
        /// The field value.
        public var value: Int32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.value, "value", 0)
        }
    }
}

extension SBEView where Block == ExtensionVectorsV4.TestMessage1 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
    /// `tag2` at byte 4; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32? { _loadLater(4, since: 1) }
    /// `tag4` at byte 12; nil before version 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectorsV4.AEnum? { _loadLater(12, since: 3) }
    /// `tag5` at byte 13; nil before version 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectorsV4.ASet? { _loadLater(13, since: 4) }
}

extension SBEEncoder where Block == ExtensionVectorsV4.TestMessage1 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `tag2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
    /// `tag4` at byte 12.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectorsV4.AEnum {
        get { _load(12) }
        nonmutating set { _store(newValue, 12) }
    }
    /// `tag5` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectorsV4.ASet {
        get { _load(13) }
        nonmutating set { _store(newValue, 13) }
    }
}

extension ExtensionVectorsV4.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV4.TestMessage1
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag2.
        public var tag2: Int32? = nil
        /// The field tag3.
        public var tag3: ExtensionVectorsV4.AComposite.Value? = nil
        /// The field tag4.
        public var tag4: ExtensionVectorsV4.AEnum? = nil
        /// The field tag5.
        public var tag5: ExtensionVectorsV4.ASet? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag2, "tag2", 4, since: 1)
            visitor.later(&self.tag3, "tag3", 8, since: 2)
            visitor.later(&self.tag4, "tag4", 12, since: 3, null: .null, isOptional: false)
            visitor.later(&self.tag5, "tag5", 13, since: 4)
        }
    }
}

extension SBEView where Block == ExtensionVectorsV4.TestMessage2 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
    /// `tag2` at byte 8; nil before version 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32? { _loadLater(8, since: 2) }
    /// `tag5` at byte 12; nil before version 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectorsV4.ASet? { _loadLater(12, since: 3) }
    /// `tag4` at byte 13; nil before version 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectorsV4.AEnum? { _loadLater(13, since: 4) }
}

extension SBEEncoder where Block == ExtensionVectorsV4.TestMessage2 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `tag2` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
    /// `tag5` at byte 12.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectorsV4.ASet {
        get { _load(12) }
        nonmutating set { _store(newValue, 12) }
    }
    /// `tag4` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectorsV4.AEnum {
        get { _load(13) }
        nonmutating set { _store(newValue, 13) }
    }
}

extension ExtensionVectorsV4.TestMessage2 {
    /// A copy of `TestMessage2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV4.TestMessage2
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag3.
        public var tag3: ExtensionVectorsV4.AComposite.Value? = nil
        /// The field tag2.
        public var tag2: Int32? = nil
        /// The field tag5.
        public var tag5: ExtensionVectorsV4.ASet? = nil
        /// The field tag4.
        public var tag4: ExtensionVectorsV4.AEnum? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag3, "tag3", 4, since: 1)
            visitor.later(&self.tag2, "tag2", 8, since: 2)
            visitor.later(&self.tag5, "tag5", 12, since: 3)
            visitor.later(&self.tag4, "tag4", 13, since: 4, null: .null, isOptional: false)
        }
    }
}
