// Generated from embedded-length.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum EmbeddedLengthVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 7 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
    }

    /// The message Message1, template 1.
    public enum Message1: SBEMessage {
        /// The schema.
        public typealias Schema = EmbeddedLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = EmbeddedLengthVectors.Message1.ListOrdGrp
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// Repeating group containing orders
            @_alwaysEmitIntoClient public var listOrdGrp: SBEMember<EmbeddedLengthVectors.Message1.ListOrdGrp> { .init() }
        }

        /// Repeating group containing orders
        public enum ListOrdGrp: SBEGroupBlock {
            /// The schema.
            public typealias Schema = EmbeddedLengthVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 3, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "ListOrdGrp" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 14 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// Must be unique, by customer, for the day
                @_alwaysEmitIntoClient public var clOrdID: SBEMember<EmbeddedLengthVectors.Message1.ListOrdGrp.ClOrdIDField> { .init() }
            }

            /// Where the field ClOrdID is.
            public typealias ClOrdIDField = SBETextPlace<EmbeddedLengthVectors.Message1.ListOrdGrp, 0, 14, 0, SBEUTF8Text>

            /// The name of the text at an offset.
            @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
                "ClOrdID"
            }
        }
    }

    /// The message Message2, template 2.
    public enum Message2: SBEMessage {
        /// The schema.
        public typealias Schema = EmbeddedLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = EmbeddedLengthVectors.Message2.EncryptedPasswordData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Message2" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data EncryptedPassword.
            @_alwaysEmitIntoClient public var encryptedPassword: SBEMember<EmbeddedLengthVectors.Message2.EncryptedPasswordData> { .init() }
        }

        /// The data EncryptedPassword.
        public enum EncryptedPasswordData: SBEDataPart {
            /// The schema.
            public typealias Schema = EmbeddedLengthVectors.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("EncryptedPassword", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
        }
    }
}

extension SBEView where Block == EmbeddedLengthVectors.Message1 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == EmbeddedLengthVectors.Message1 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == EmbeddedLengthVectors.Message1.ListOrdGrp {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var listOrdGrp: Self { Self() }
}

extension EmbeddedLengthVectors.Message1 {
    /// A copy of `Message1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EmbeddedLengthVectors.Message1
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// Repeating group containing orders
        public var listOrdGrp: [EmbeddedLengthVectors.Message1.ListOrdGrp.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.group(&self.listOrdGrp)
        }
    }
}

extension EmbeddedLengthVectors.Message1.ListOrdGrp {
    /// A copy of `ListOrdGrp` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EmbeddedLengthVectors.Message1.ListOrdGrp
        /// Must be unique, by customer, for the day
        public var clOrdID: SBEOctets = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.clOrdID, "ClOrdID", 0, 14, .utf8, isASCII: true)
        }
    }
}

extension SBEView where Block == EmbeddedLengthVectors.Message2 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 { _load(0) }
}

extension SBEEncoder where Block == EmbeddedLengthVectors.Message2 {
    /// `Tag1` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var tag1: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == EmbeddedLengthVectors.Message2.EncryptedPasswordData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var encryptedPassword: Self { Self() }
}

extension EmbeddedLengthVectors.Message2 {
    /// A copy of `Message2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = EmbeddedLengthVectors.Message2
        /// The field Tag1.
        public var tag1: UInt32 = 0
        /// The data EncryptedPassword.
        public var encryptedPassword = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.tag1, "Tag1", 0)
            visitor.data(&self.encryptedPassword, EmbeddedLengthVectors.Message2.EncryptedPasswordData.self)
        }
    }
}
