// Generated from group-with-data.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// The messages of group-with-data.sbe.xml.
public enum GroupWithDataVectors {
    /// What the messages of the package group.with.data have in common.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
    }

    /// Group with single var data
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = GroupWithDataVectors.Schema
        /// The first group or data.
        public typealias FirstPart = GroupWithDataVectors.TestMessage1.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group Entries.
            @_alwaysEmitIntoClient public var entries: SBEMember<GroupWithDataVectors.TestMessage1.Entries> { .init() }
        }

        /// An entry of the group Entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = GroupWithDataVectors.Schema
            /// The first group or data.
            public typealias FirstPart = GroupWithDataVectors.TestMessage1.Entries.VarDataFieldData
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 17 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The field TagGroup1.
                @_alwaysEmitIntoClient public var tagGroup1: SBEMember<GroupWithDataVectors.TestMessage1.Entries.TagGroup1Field> { .init() }
                /// The data varDataField.
                @_alwaysEmitIntoClient public var varDataField: SBEMember<GroupWithDataVectors.TestMessage1.Entries.VarDataFieldData> { .init() }
            }

            /// Where the field TagGroup1 is.
            public typealias TagGroup1Field = SBETextPlace<GroupWithDataVectors.TestMessage1.Entries, 0, 9, 0, SBEUTF8Text>

            /// The data varDataField.
            public enum VarDataFieldData: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }

            /// The name of the text at an offset.
            @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
                "TagGroup1"
            }
        }
    }

    /// Group with multiple var data
    public enum TestMessage2: SBEMessage {
        /// The schema.
        public typealias Schema = GroupWithDataVectors.Schema
        /// The first group or data.
        public typealias FirstPart = GroupWithDataVectors.TestMessage2.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group Entries.
            @_alwaysEmitIntoClient public var entries: SBEMember<GroupWithDataVectors.TestMessage2.Entries> { .init() }
        }

        /// An entry of the group Entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = GroupWithDataVectors.Schema
            /// The first group or data.
            public typealias FirstPart = GroupWithDataVectors.TestMessage2.Entries.VarDataField1Data
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 17 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The field TagGroup1.
                @_alwaysEmitIntoClient public var tagGroup1: SBEMember<GroupWithDataVectors.TestMessage2.Entries.TagGroup1Field> { .init() }
                /// The data varDataField1.
                @_alwaysEmitIntoClient public var varDataField1: SBEMember<GroupWithDataVectors.TestMessage2.Entries.VarDataField1Data> { .init() }
                /// The data varDataField2.
                @_alwaysEmitIntoClient public var varDataField2: SBEMember<GroupWithDataVectors.TestMessage2.Entries.VarDataField2Data> { .init() }
            }

            /// Where the field TagGroup1 is.
            public typealias TagGroup1Field = SBETextPlace<GroupWithDataVectors.TestMessage2.Entries, 0, 9, 0, SBEUTF8Text>

            /// The data varDataField1.
            public enum VarDataField1Data: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = GroupWithDataVectors.TestMessage2.Entries.VarDataField2Data
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField1", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }

            /// The data varDataField2.
            public enum VarDataField2Data: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = GroupWithDataVectors.TestMessage2.Entries.VarDataField1Data
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField2", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }

            /// The name of the text at an offset.
            @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
                "TagGroup1"
            }
        }
    }

    /// Nested group with var data
    public enum TestMessage3: SBEMessage {
        /// The schema.
        public typealias Schema = GroupWithDataVectors.Schema
        /// The first group or data.
        public typealias FirstPart = GroupWithDataVectors.TestMessage3.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage3" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 3 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group Entries.
            @_alwaysEmitIntoClient public var entries: SBEMember<GroupWithDataVectors.TestMessage3.Entries> { .init() }
        }

        /// An entry of the group Entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = GroupWithDataVectors.Schema
            /// The first group or data.
            public typealias FirstPart = GroupWithDataVectors.TestMessage3.Entries.NestedEntries
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 9 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The field TagGroup1.
                @_alwaysEmitIntoClient public var tagGroup1: SBEMember<GroupWithDataVectors.TestMessage3.Entries.TagGroup1Field> { .init() }
                /// The group NestedEntries.
                @_alwaysEmitIntoClient public var nestedEntries: SBEMember<GroupWithDataVectors.TestMessage3.Entries.NestedEntries> { .init() }
                /// The data varDataField.
                @_alwaysEmitIntoClient public var varDataField: SBEMember<GroupWithDataVectors.TestMessage3.Entries.VarDataFieldData> { .init() }
            }

            /// Where the field TagGroup1 is.
            public typealias TagGroup1Field = SBETextPlace<GroupWithDataVectors.TestMessage3.Entries, 0, 9, 0, SBEUTF8Text>

            /// An entry of the group NestedEntries.
            public enum NestedEntries: SBEGroupBlock {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// The first group or data.
                public typealias FirstPart = GroupWithDataVectors.TestMessage3.Entries.NestedEntries.VarDataFieldNestedData
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = GroupWithDataVectors.TestMessage3.Entries.VarDataFieldData
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "NestedEntries" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 8 }

                /// What a view of this type offers beside plain values. There are no values of it.
                public struct Members {
                    /// The data varDataFieldNested.
                    @_alwaysEmitIntoClient public var varDataFieldNested: SBEMember<GroupWithDataVectors.TestMessage3.Entries.NestedEntries.VarDataFieldNestedData> { .init() }
                }

                /// The data varDataFieldNested.
                public enum VarDataFieldNestedData: SBEDataPart {
                    /// The schema.
                    public typealias Schema = GroupWithDataVectors.Schema
                    /// What precedes the data.
                    public typealias Previous = SBEStart
                    /// What follows it.
                    public typealias Next = SBEEnd
                    /// Its name, where it is, how long it may be, how text is read.
                    @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataFieldNested", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
                }
            }

            /// The data varDataField.
            public enum VarDataFieldData: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = GroupWithDataVectors.TestMessage3.Entries.NestedEntries
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }

            /// The name of the text at an offset.
            @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
                "TagGroup1"
            }
        }
    }

    /// Group with only multiple var data
    public enum TestMessage4: SBEMessage {
        /// The schema.
        public typealias Schema = GroupWithDataVectors.Schema
        /// The first group or data.
        public typealias FirstPart = GroupWithDataVectors.TestMessage4.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage4" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 4 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group Entries.
            @_alwaysEmitIntoClient public var entries: SBEMember<GroupWithDataVectors.TestMessage4.Entries> { .init() }
        }

        /// An entry of the group Entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = GroupWithDataVectors.Schema
            /// The first group or data.
            public typealias FirstPart = GroupWithDataVectors.TestMessage4.Entries.VarDataField1Data
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The data varDataField1.
                @_alwaysEmitIntoClient public var varDataField1: SBEMember<GroupWithDataVectors.TestMessage4.Entries.VarDataField1Data> { .init() }
                /// The data varDataField2.
                @_alwaysEmitIntoClient public var varDataField2: SBEMember<GroupWithDataVectors.TestMessage4.Entries.VarDataField2Data> { .init() }
            }

            /// The data varDataField1.
            public enum VarDataField1Data: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = GroupWithDataVectors.TestMessage4.Entries.VarDataField2Data
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField1", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }

            /// The data varDataField2.
            public enum VarDataField2Data: SBEDataPart {
                /// The schema.
                public typealias Schema = GroupWithDataVectors.Schema
                /// What precedes the data.
                public typealias Previous = GroupWithDataVectors.TestMessage4.Entries.VarDataField1Data
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("varDataField2", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
            }
        }
    }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage1 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage1 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage1.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage1.Entries {
    /// `TagGroup2` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 { _load(9) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage1.Entries {
    /// `TagGroup2` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 {
        get { _load(9) }
        nonmutating set { _store(newValue, 9) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage1.Entries.VarDataFieldData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField: Self { Self() }
}

extension GroupWithDataVectors.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage1
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// The group Entries.
        public var entries: [GroupWithDataVectors.TestMessage1.Entries.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.group(&self.entries)
        }
    }
}

extension GroupWithDataVectors.TestMessage1.Entries {
    /// A copy of `Entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage1.Entries
        /// The field TagGroup1.
        public var tagGroup1: SBEOctets = SBEOctets()
        /// The field TagGroup2.
        public var tagGroup2: Int64 = 0
        /// The data varDataField.
        public var varDataField = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.tagGroup1, "TagGroup1", 0, 9, .utf8, isASCII: true)
            visitor.number(&self.tagGroup2, "TagGroup2", 9)
            visitor.data(&self.varDataField, GroupWithDataVectors.TestMessage1.Entries.VarDataFieldData.self, .utf8, isASCII: false)
        }
    }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage2 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage2 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage2.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage2.Entries {
    /// `TagGroup2` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 { _load(9) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage2.Entries {
    /// `TagGroup2` at byte 9.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 {
        get { _load(9) }
        nonmutating set { _store(newValue, 9) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage2.Entries.VarDataField1Data {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField1: Self { Self() }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage2.Entries.VarDataField2Data {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField2: Self { Self() }
}

extension GroupWithDataVectors.TestMessage2 {
    /// A copy of `TestMessage2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage2
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// The group Entries.
        public var entries: [GroupWithDataVectors.TestMessage2.Entries.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.group(&self.entries)
        }
    }
}

extension GroupWithDataVectors.TestMessage2.Entries {
    /// A copy of `Entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage2.Entries
        /// The field TagGroup1.
        public var tagGroup1: SBEOctets = SBEOctets()
        /// The field TagGroup2.
        public var tagGroup2: Int64 = 0
        /// The data varDataField1.
        public var varDataField1 = SBEOctets()
        /// The data varDataField2.
        public var varDataField2 = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.tagGroup1, "TagGroup1", 0, 9, .utf8, isASCII: true)
            visitor.number(&self.tagGroup2, "TagGroup2", 9)
            visitor.data(&self.varDataField1, GroupWithDataVectors.TestMessage2.Entries.VarDataField1Data.self, .utf8, isASCII: false)
            visitor.data(&self.varDataField2, GroupWithDataVectors.TestMessage2.Entries.VarDataField2Data.self, .utf8, isASCII: false)
        }
    }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage3 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage3 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage3.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage3.Entries.NestedEntries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var nestedEntries: Self { Self() }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage3.Entries.VarDataFieldData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField: Self { Self() }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage3.Entries.NestedEntries {
    /// `TagGroup2` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 { _load(0) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage3.Entries.NestedEntries {
    /// `TagGroup2` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tagGroup2: Int64 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage3.Entries.NestedEntries.VarDataFieldNestedData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataFieldNested: Self { Self() }
}

extension GroupWithDataVectors.TestMessage3 {
    /// A copy of `TestMessage3` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage3
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// The group Entries.
        public var entries: [GroupWithDataVectors.TestMessage3.Entries.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.group(&self.entries)
        }
    }
}

extension GroupWithDataVectors.TestMessage3.Entries {
    /// A copy of `Entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage3.Entries
        /// The field TagGroup1.
        public var tagGroup1: SBEOctets = SBEOctets()
        /// The group NestedEntries.
        public var nestedEntries: [GroupWithDataVectors.TestMessage3.Entries.NestedEntries.Value] = []
        /// The data varDataField.
        public var varDataField = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.tagGroup1, "TagGroup1", 0, 9, .utf8, isASCII: true)
            visitor.group(&self.nestedEntries)
            visitor.data(&self.varDataField, GroupWithDataVectors.TestMessage3.Entries.VarDataFieldData.self, .utf8, isASCII: false)
        }
    }
}

extension GroupWithDataVectors.TestMessage3.Entries.NestedEntries {
    /// A copy of `NestedEntries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage3.Entries.NestedEntries
        /// The field TagGroup2.
        public var tagGroup2: Int64 = 0
        /// The data varDataFieldNested.
        public var varDataFieldNested = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tagGroup2, "TagGroup2", 0)
            visitor.data(&self.varDataFieldNested, GroupWithDataVectors.TestMessage3.Entries.NestedEntries.VarDataFieldNestedData.self, .utf8, isASCII: false)
        }
    }
}

extension SBEView where Block == GroupWithDataVectors.TestMessage4 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == GroupWithDataVectors.TestMessage4 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage4.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage4.Entries.VarDataField1Data {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField1: Self { Self() }
}

extension SBEPartName where Part == GroupWithDataVectors.TestMessage4.Entries.VarDataField2Data {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var varDataField2: Self { Self() }
}

extension GroupWithDataVectors.TestMessage4 {
    /// A copy of `TestMessage4` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage4
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// The group Entries.
        public var entries: [GroupWithDataVectors.TestMessage4.Entries.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.group(&self.entries)
        }
    }
}

extension GroupWithDataVectors.TestMessage4.Entries {
    /// A copy of `Entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = GroupWithDataVectors.TestMessage4.Entries
        /// The data varDataField1.
        public var varDataField1 = SBEOctets()
        /// The data varDataField2.
        public var varDataField2 = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.data(&self.varDataField1, GroupWithDataVectors.TestMessage4.Entries.VarDataField1Data.self, .utf8, isASCII: false)
            visitor.data(&self.varDataField2, GroupWithDataVectors.TestMessage4.Entries.VarDataField2Data.self, .utf8, isASCII: false)
        }
    }
}
