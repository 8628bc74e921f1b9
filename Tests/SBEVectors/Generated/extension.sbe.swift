// Generated from extension.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum ExtensionVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 6 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
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
        public typealias Schema = ExtensionVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "AComposite" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// The message TestMessage1, template 1.
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectors.Schema
        /// The first group or data.
        public typealias FirstPart = ExtensionVectors.TestMessage1.Tag6Data
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 14 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 6 { return 14 }
            if version >= 4 { return 14 }
            if version >= 3 { return 13 }
            if version >= 2 { return 12 }
            if version >= 1 { return 8 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field tag3.
            @_alwaysEmitIntoClient public var tag3: SBELaterMember<ExtensionVectors.TestMessage1.Tag3Field> { .init() }
            /// The data tag6.
            @_alwaysEmitIntoClient public var tag6: SBEMember<ExtensionVectors.TestMessage1.Tag6Data> { .init() }
        }

        /// Where the field tag3 is.
        public typealias Tag3Field = SBECompositePlace<ExtensionVectors.AComposite, 8, 2>

        /// The data tag6.
        public enum Tag6Data: SBEDataPart {
            /// The schema.
            public typealias Schema = ExtensionVectors.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("tag6", length: SBEWireInteger(0, 1), dataOffset: 1, since: 5, 0, 254, .utf8) }
        }
    }

    /// The message TestMessage2, template 2.
    public enum TestMessage2: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 22 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 6 { return 22 }
            if version >= 4 { return 14 }
            if version >= 3 { return 13 }
            if version >= 2 { return 12 }
            if version >= 1 { return 8 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field tag3.
            @_alwaysEmitIntoClient public var tag3: SBELaterMember<ExtensionVectors.TestMessage2.Tag3Field> { .init() }
            /// The field tag6.
            @_alwaysEmitIntoClient public var tag6: SBEMember<ExtensionVectors.TestMessage2.Tag6Field> { .init() }
        }

        /// Where the field tag3 is.
        public typealias Tag3Field = SBECompositePlace<ExtensionVectors.AComposite, 4, 1>

        /// Where the field tag6 is.
        public enum Tag6Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt8
            /// All of it.
            public typealias Values = InlineArray<8, UInt8>
            /// The schema.
            public typealias Schema = ExtensionVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 14 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 8 }
            /// The version that introduced it.
            @_alwaysEmitIntoClient public static var sinceVersion: Int { 6 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt8) -> Values { Values(element) }
        }
    }
}

extension SBEView where Block == ExtensionVectors.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 { _load(0) }
}

extension SBEEncoder where Block == ExtensionVectors.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ExtensionVectors.AComposite {
    /// A copy of `AComposite` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectors.AComposite
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

extension SBEView where Block == ExtensionVectors.TestMessage1 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
    /// `tag2` at byte 4; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32? { _loadLater(4, since: 1) }
    /// `tag4` at byte 12; nil before version 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectors.AEnum? { _loadLater(12, since: 3) }
    /// `tag5` at byte 13; nil before version 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectors.ASet? { _loadLater(13, since: 4) }
}

extension SBEEncoder where Block == ExtensionVectors.TestMessage1 {
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
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectors.AEnum {
        get { _load(12) }
        nonmutating set { _store(newValue, 12) }
    }
    /// `tag5` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectors.ASet {
        get { _load(13) }
        nonmutating set { _store(newValue, 13) }
    }
}

extension SBEPartName where Part == ExtensionVectors.TestMessage1.Tag6Data {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var tag6: Self { Self() }
}

extension ExtensionVectors.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectors.TestMessage1
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag2.
        public var tag2: Int32? = nil
        /// The field tag3.
        public var tag3: ExtensionVectors.AComposite.Value? = nil
        /// The field tag4.
        public var tag4: ExtensionVectors.AEnum? = nil
        /// The field tag5.
        public var tag5: ExtensionVectors.ASet? = nil
        /// The data tag6.
        public var tag6 = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag2, "tag2", 4, since: 1)
            visitor.later(&self.tag3, "tag3", 8, since: 2)
            visitor.later(&self.tag4, "tag4", 12, since: 3, null: .null, isOptional: false)
            visitor.later(&self.tag5, "tag5", 13, since: 4)
            visitor.data(&self.tag6, ExtensionVectors.TestMessage1.Tag6Data.self)
        }
    }
}

extension SBEView where Block == ExtensionVectors.TestMessage2 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
    /// `tag2` at byte 8; nil before version 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32? { _loadLater(8, since: 2) }
    /// `tag5` at byte 12; nil before version 3.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectors.ASet? { _loadLater(12, since: 3) }
    /// `tag4` at byte 13; nil before version 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectors.AEnum? { _loadLater(13, since: 4) }
}

extension SBEEncoder where Block == ExtensionVectors.TestMessage2 {
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
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag5: ExtensionVectors.ASet {
        get { _load(12) }
        nonmutating set { _store(newValue, 12) }
    }
    /// `tag4` at byte 13.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag4: ExtensionVectors.AEnum {
        get { _load(13) }
        nonmutating set { _store(newValue, 13) }
    }
}

extension ExtensionVectors.TestMessage2 {
    /// A copy of `TestMessage2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectors.TestMessage2
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag3.
        public var tag3: ExtensionVectors.AComposite.Value? = nil
        /// The field tag2.
        public var tag2: Int32? = nil
        /// The field tag5.
        public var tag5: ExtensionVectors.ASet? = nil
        /// The field tag4.
        public var tag4: ExtensionVectors.AEnum? = nil
        /// The field tag6.
        public var tag6: [UInt8]? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag3, "tag3", 4, since: 1)
            visitor.later(&self.tag2, "tag2", 8, since: 2)
            visitor.later(&self.tag5, "tag5", 12, since: 3)
            visitor.later(&self.tag4, "tag4", 13, since: 4, null: .null, isOptional: false)
            visitor.later(&self.tag6, "tag6", 14, 8, since: 6)
        }
    }
}
