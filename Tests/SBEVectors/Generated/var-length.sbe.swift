// Generated from var-length.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Unit Test
public enum VarLengthVectors {
    /// Unit Test
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 4 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
    }

    /// TestMessage
    public enum TestMessage1: SBEMessage {
        /// The schema.
        public typealias Schema = VarLengthVectors.Schema
        /// The first group or data.
        public typealias FirstPart = VarLengthVectors.TestMessage1.EncryptedNewPasswordData
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "TestMessage1" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The data encryptedNewPassword.
            @_alwaysEmitIntoClient public var encryptedNewPassword: SBEMember<VarLengthVectors.TestMessage1.EncryptedNewPasswordData> { .init() }
        }

        /// The data encryptedNewPassword.
        public enum EncryptedNewPasswordData: SBEDataPart {
            /// The schema.
            public typealias Schema = VarLengthVectors.Schema
            /// What precedes the data.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("encryptedNewPassword", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
        }
    }
}

extension SBEPartName where Part == VarLengthVectors.TestMessage1.EncryptedNewPasswordData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var encryptedNewPassword: Self { Self() }
}

extension VarLengthVectors.TestMessage1 {
    /// A copy of `TestMessage1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = VarLengthVectors.TestMessage1
        /// The data encryptedNewPassword.
        public var encryptedNewPassword = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.data(&self.encryptedNewPassword, VarLengthVectors.TestMessage1.EncryptedNewPasswordData.self)
        }
    }
}
