// Generated from extension-v1.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum ExtensionVectorsV1 {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 1 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
    }

    /// The composite AComposite.
    public enum AComposite: SBECompositeType {
        /// The schema.
        public typealias Schema = ExtensionVectorsV1.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "AComposite" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// The message TestMessage1, template 1.
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectorsV1.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 1 { return 8 }
            return 4
        }
    }

    /// The message TestMessage2, template 2.
    public enum TestMessage2: SBEMessage {
        /// The schema.
        public typealias Schema = ExtensionVectorsV1.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 1 { return 8 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field tag3.
            @_alwaysEmitIntoClient public var tag3: SBELaterMember<ExtensionVectorsV1.TestMessage2.Tag3Field> { .init() }
        }

        /// Where the field tag3 is.
        public typealias Tag3Field = SBECompositePlace<ExtensionVectorsV1.AComposite, 4, 1>
    }
}

extension SBEView where Block == ExtensionVectorsV1.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 { _load(0) }
}

extension SBEEncoder where Block == ExtensionVectorsV1.AComposite {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ExtensionVectorsV1.AComposite {
    /// A copy of `AComposite` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV1.AComposite
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

extension SBEView where Block == ExtensionVectorsV1.TestMessage1 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
    /// `tag2` at byte 4; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag2: Int32? { _loadLater(4, since: 1) }
}

extension SBEEncoder where Block == ExtensionVectorsV1.TestMessage1 {
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
}

extension ExtensionVectorsV1.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV1.TestMessage1
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag2.
        public var tag2: Int32? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag2, "tag2", 4, since: 1)
        }
    }
}

extension SBEView where Block == ExtensionVectorsV1.TestMessage2 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 { _load(0) }
}

extension SBEEncoder where Block == ExtensionVectorsV1.TestMessage2 {
    /// `tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension ExtensionVectorsV1.TestMessage2 {
    /// A copy of `TestMessage2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ExtensionVectorsV1.TestMessage2
        /// The field tag1.
        public var tag1: Int32 = 0
        /// The field tag3.
        public var tag3: ExtensionVectorsV1.AComposite.Value? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "tag1", 0)
            visitor.later(&self.tag3, "tag3", 4, since: 1)
        }
    }
}
