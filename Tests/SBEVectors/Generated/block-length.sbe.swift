// Generated from block-length.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum BlockLengthVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 5 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
    }

    /// Message identifiers and length of message root
    public enum MessageHeader: SBECompositeType {
        /// The schema.
        public typealias Schema = BlockLengthVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "messageHeader" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// The message Message1, template 1.
    public enum Message1: SBEMessage {
        /// The schema.
        public typealias Schema = BlockLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = BlockLengthVectors.Message1.Group
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BlockLengthVectors.Message1.HeaderField> { .init() }
            /// The group Group.
            @_alwaysEmitIntoClient public var group: SBEMember<BlockLengthVectors.Message1.Group> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BlockLengthVectors.MessageHeader, 0, 0>

        /// An entry of the group Group.
        public enum Group: SBEGroupBlock {
            /// The schema.
            public typealias Schema = BlockLengthVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Group" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 12 }
        }
    }

    /// The message Message2, template 2.
    public enum Message2: SBEMessage {
        /// The schema.
        public typealias Schema = BlockLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = BlockLengthVectors.Message2.Group
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 64 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BlockLengthVectors.Message2.HeaderField> { .init() }
            /// The group Group.
            @_alwaysEmitIntoClient public var group: SBEMember<BlockLengthVectors.Message2.Group> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BlockLengthVectors.MessageHeader, 0, 0>

        /// An entry of the group Group.
        public enum Group: SBEGroupBlock {
            /// The schema.
            public typealias Schema = BlockLengthVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Group" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 12 }
        }
    }

    /// The message Message3, template 3.
    public enum Message3: SBEMessage {
        /// The schema.
        public typealias Schema = BlockLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = BlockLengthVectors.Message3.Group
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message3" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 3 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 64 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BlockLengthVectors.Message3.HeaderField> { .init() }
            /// The group Group.
            @_alwaysEmitIntoClient public var group: SBEMember<BlockLengthVectors.Message3.Group> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BlockLengthVectors.MessageHeader, 0, 0>

        /// An entry of the group Group.
        public enum Group: SBEGroupBlock {
            /// The schema.
            public typealias Schema = BlockLengthVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "Group" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 16 }
        }
    }

    /// The message Message4, template 4.
    public enum Message4: SBEMessage {
        /// The schema.
        public typealias Schema = BlockLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = BlockLengthVectors.Message4.EncryptedNewPasswordData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message4" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 4 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 64 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<BlockLengthVectors.Message4.HeaderField> { .init() }
            /// The data EncryptedNewPassword.
            @_alwaysEmitIntoClient public var encryptedNewPassword: SBEMember<BlockLengthVectors.Message4.EncryptedNewPasswordData> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<BlockLengthVectors.MessageHeader, 0, 0>

        /// The data EncryptedNewPassword.
        public enum EncryptedNewPasswordData: SBEDataPart {
            /// The schema.
            public typealias Schema = BlockLengthVectors.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("EncryptedNewPassword", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
        }
    }
}

extension SBEView where Block == BlockLengthVectors.MessageHeader {
    /// `blockLength` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var blockLength: UInt16 { _load(0) }
    /// `templateId` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var templateId: UInt16 { _load(2) }
    /// `schemaId` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var schemaId: UInt16 { _load(4) }
    /// `version` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var version: UInt16 { _load(6) }
}

extension SBEEncoder where Block == BlockLengthVectors.MessageHeader {
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

extension BlockLengthVectors.MessageHeader {
    /// A copy of `messageHeader` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.MessageHeader
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

extension SBEPartName where Part == BlockLengthVectors.Message1.Group {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var group: Self { Self() }
}

extension SBEView where Block == BlockLengthVectors.Message1.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 { _load(0) }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 { _load(4) }
}

extension SBEEncoder where Block == BlockLengthVectors.Message1.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension BlockLengthVectors.Message1 {
    /// A copy of `Message1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message1
        /// The field header.
        public var header: BlockLengthVectors.MessageHeader.Value = BlockLengthVectors.MessageHeader.Value()
        /// The group Group.
        public var group: [BlockLengthVectors.Message1.Group.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.group(&self.group)
        }
    }
}

extension BlockLengthVectors.Message1.Group {
    /// A copy of `Group` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message1.Group
        /// The field F1.
        public var f1: UInt32 = 0
        /// The field F2.
        public var f2: UInt64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.f1, "F1", 0)
            visitor.number(&self.f2, "F2", 4)
        }
    }
}

extension SBEPartName where Part == BlockLengthVectors.Message2.Group {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var group: Self { Self() }
}

extension SBEView where Block == BlockLengthVectors.Message2.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 { _load(0) }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 { _load(4) }
}

extension SBEEncoder where Block == BlockLengthVectors.Message2.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension BlockLengthVectors.Message2 {
    /// A copy of `Message2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message2
        /// The field header.
        public var header: BlockLengthVectors.MessageHeader.Value = BlockLengthVectors.MessageHeader.Value()
        /// The group Group.
        public var group: [BlockLengthVectors.Message2.Group.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.group(&self.group)
        }
    }
}

extension BlockLengthVectors.Message2.Group {
    /// A copy of `Group` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message2.Group
        /// The field F1.
        public var f1: UInt32 = 0
        /// The field F2.
        public var f2: UInt64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.f1, "F1", 0)
            visitor.number(&self.f2, "F2", 4)
        }
    }
}

extension SBEPartName where Part == BlockLengthVectors.Message3.Group {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var group: Self { Self() }
}

extension SBEView where Block == BlockLengthVectors.Message3.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 { _load(0) }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 { _load(4) }
}

extension SBEEncoder where Block == BlockLengthVectors.Message3.Group {
    /// `F1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `F2` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var f2: UInt64 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension BlockLengthVectors.Message3 {
    /// A copy of `Message3` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message3
        /// The field header.
        public var header: BlockLengthVectors.MessageHeader.Value = BlockLengthVectors.MessageHeader.Value()
        /// The group Group.
        public var group: [BlockLengthVectors.Message3.Group.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.group(&self.group)
        }
    }
}

extension BlockLengthVectors.Message3.Group {
    /// A copy of `Group` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message3.Group
        /// The field F1.
        public var f1: UInt32 = 0
        /// The field F2.
        public var f2: UInt64 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.f1, "F1", 0)
            visitor.number(&self.f2, "F2", 4)
        }
    }
}

extension SBEPartName where Part == BlockLengthVectors.Message4.EncryptedNewPasswordData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var encryptedNewPassword: Self { Self() }
}

extension BlockLengthVectors.Message4 {
    /// A copy of `Message4` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = BlockLengthVectors.Message4
        /// The field header.
        public var header: BlockLengthVectors.MessageHeader.Value = BlockLengthVectors.MessageHeader.Value()
        /// The data EncryptedNewPassword.
        public var encryptedNewPassword = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.data(&self.encryptedNewPassword, BlockLengthVectors.Message4.EncryptedNewPasswordData.self)
        }
    }
}
