// Generated from composite-offsets.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum CompositeOffsetsVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 15 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 12, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(4, 2), schemaID: SBEWireInteger(8, 2), version: SBEWireInteger(10, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 8, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(7, 1)) }
    }

    /// Test of offsets
    public enum TestComposite: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeOffsetsVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "testComposite" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }
    }

    /// TestMessage1
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = CompositeOffsetsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = CompositeOffsetsVectors.TestMessage1.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group Entries.
            @_alwaysEmitIntoClient public var entries: SBEMember<CompositeOffsetsVectors.TestMessage1.Entries> { .init() }
        }

        /// An entry of the group Entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CompositeOffsetsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 8, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(7, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 16 }
        }
    }

    /// TestMessage2
    public enum TestMessage2: SBEMessage {
        /// The schema.
        public typealias Schema = CompositeOffsetsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 32 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field fieldTwo.
            @_alwaysEmitIntoClient public var fieldTwo: SBEMember<CompositeOffsetsVectors.TestMessage2.FieldTwoField> { .init() }
        }

        /// Where the field fieldTwo is.
        public typealias FieldTwoField = SBECompositePlace<CompositeOffsetsVectors.TestComposite, 8, 0>
    }
}

extension SBEView where Block == CompositeOffsetsVectors.TestComposite {
    /// `compositeFieldOne` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var compositeFieldOne: UInt8 { _load(0) }
    /// `compositeFieldTwo` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var compositeFieldTwo: Int64 { _load(8) }
}

extension SBEEncoder where Block == CompositeOffsetsVectors.TestComposite {
    /// `compositeFieldOne` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var compositeFieldOne: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `compositeFieldTwo` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var compositeFieldTwo: Int64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension CompositeOffsetsVectors.TestComposite {
    /// A copy of `testComposite` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeOffsetsVectors.TestComposite
        /// The field compositeFieldOne.
        public var compositeFieldOne: UInt8 = 0
        /// The field compositeFieldTwo.
        public var compositeFieldTwo: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.compositeFieldOne, "compositeFieldOne", 0)
            visitor.number(&self.compositeFieldTwo, "compositeFieldTwo", 8)
        }
    }
}

extension SBEPartName where Part == CompositeOffsetsVectors.TestMessage1.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

extension SBEView where Block == CompositeOffsetsVectors.TestMessage1.Entries {
    /// `TagGroup1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup1: UInt64 { _load(0) }
    /// `TagGroup2` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 { _load(8) }
}

extension SBEEncoder where Block == CompositeOffsetsVectors.TestMessage1.Entries {
    /// `TagGroup1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup1: UInt64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `TagGroup2` at byte 8.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

extension CompositeOffsetsVectors.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeOffsetsVectors.TestMessage1
        /// The group Entries.
        public var entries: [CompositeOffsetsVectors.TestMessage1.Entries.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.group(&self.entries)
        }
    }
}

extension CompositeOffsetsVectors.TestMessage1.Entries {
    /// A copy of `Entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeOffsetsVectors.TestMessage1.Entries
        /// The field TagGroup1.
        public var tagGroup1: UInt64 = 0
        /// The field TagGroup2.
        public var tagGroup2: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tagGroup1, "TagGroup1", 0)
            visitor.number(&self.tagGroup2, "TagGroup2", 8)
        }
    }
}

extension SBEView where Block == CompositeOffsetsVectors.TestMessage2 {
    /// `fieldOne` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fieldOne: Int32 { _load(0) }
    /// `fieldThree` at byte 24.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fieldThree: Int64 { _load(24) }
}

extension SBEEncoder where Block == CompositeOffsetsVectors.TestMessage2 {
    /// `fieldOne` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fieldOne: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `fieldThree` at byte 24.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fieldThree: Int64 {
        get { _load(24) }
        nonmutating set { _store(newValue, 24) }
    }
}

extension CompositeOffsetsVectors.TestMessage2 {
    /// A copy of `TestMessage2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeOffsetsVectors.TestMessage2
        /// The field fieldOne.
        public var fieldOne: Int32 = 0
        /// The field fieldTwo.
        public var fieldTwo: CompositeOffsetsVectors.TestComposite.Value = CompositeOffsetsVectors.TestComposite.Value()
        /// The field fieldThree.
        public var fieldThree: Int64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.fieldOne, "fieldOne", 0)
            visitor.composite(&self.fieldTwo, "fieldTwo", 8)
            visitor.number(&self.fieldThree, "fieldThree", 24)
        }
    }
}
