// Generated from composite-header.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// test case 849 20210512
public enum CompositeHeaderVectors {
    /// test case 849 20210512
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 40, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// Comp1
    public enum Comp1: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Comp1" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// Comp2
    public enum Comp2: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Comp2" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 16 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field c1.
            @_alwaysEmitIntoClient public var c1: SBEMember<CompositeHeaderVectors.Comp2.C1Field> { .init() }
        }

        /// Where the field c1 is.
        public typealias C1Field = SBECompositePlace<CompositeHeaderVectors.Comp1, 4, 0>
    }

    /// Comp3
    public enum Comp3: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Comp3" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 24 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field c2.
            @_alwaysEmitIntoClient public var c2: SBEMember<CompositeHeaderVectors.Comp3.C2Field> { .init() }
        }

        /// Where the field c2 is.
        public typealias C2Field = SBECompositePlace<CompositeHeaderVectors.Comp2, 4, 0>
    }

    /// Comp4
    public enum Comp4: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Comp4" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// MH
    public enum MessageHeader: SBECompositeType {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "messageHeader" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 40 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field c1.
            @_alwaysEmitIntoClient public var c1: SBEMember<CompositeHeaderVectors.MessageHeader.C1Field> { .init() }
            /// The field c2.
            @_alwaysEmitIntoClient public var c2: SBEMember<CompositeHeaderVectors.MessageHeader.C2Field> { .init() }
        }

        /// Where the field c1 is.
        public typealias C1Field = SBECompositePlace<CompositeHeaderVectors.Comp1, 8, 0>

        /// Where the field c2 is.
        public typealias C2Field = SBECompositePlace<CompositeHeaderVectors.Comp2, 20, 0>
    }

    /// The message barmsg, template 4.
    public enum Barmsg: SBEMessage {
        /// The schema.
        public typealias Schema = CompositeHeaderVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "barmsg" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 4 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 68 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field header.
            @_alwaysEmitIntoClient public var header: SBEMember<CompositeHeaderVectors.Barmsg.HeaderField> { .init() }
            /// The field c3.
            @_alwaysEmitIntoClient public var c3: SBEMember<CompositeHeaderVectors.Barmsg.C3Field> { .init() }
            /// The field c4.
            @_alwaysEmitIntoClient public var c4: SBEMember<CompositeHeaderVectors.Barmsg.C4Field> { .init() }
        }

        /// Where the field header is.
        public typealias HeaderField = SBECompositePlace<CompositeHeaderVectors.MessageHeader, 0, 0>

        /// Where the field c3 is.
        public typealias C3Field = SBECompositePlace<CompositeHeaderVectors.Comp3, 40, 0>

        /// Where the field c4 is.
        public typealias C4Field = SBECompositePlace<CompositeHeaderVectors.Comp4, 64, 0>
    }
}

extension SBEView where Block == CompositeHeaderVectors.Comp1 {
    /// `abc` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var abc: UInt32 { _load(0) }
    /// `wxyz` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var wxyz: UInt32 { _load(4) }
}

extension SBEEncoder where Block == CompositeHeaderVectors.Comp1 {
    /// `abc` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var abc: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `wxyz` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var wxyz: UInt32 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension CompositeHeaderVectors.Comp1 {
    /// A copy of `Comp1` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.Comp1
        /// The field abc.
        public var abc: UInt32 = 0
        /// The field wxyz.
        public var wxyz: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.abc, "abc", 0)
            visitor.number(&self.wxyz, "wxyz", 4)
        }
    }
}

extension SBEView where Block == CompositeHeaderVectors.Comp2 {
    /// `eenie` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var eenie: UInt32 { _load(0) }
    /// `meanie` at byte 12.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var meanie: UInt32 { _load(12) }
}

extension SBEEncoder where Block == CompositeHeaderVectors.Comp2 {
    /// `eenie` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var eenie: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `meanie` at byte 12.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var meanie: UInt32 {
        get { _load(12) }
        nonmutating set { _store(newValue, 12) }
    }
}

extension CompositeHeaderVectors.Comp2 {
    /// A copy of `Comp2` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.Comp2
        /// The field eenie.
        public var eenie: UInt32 = 0
        /// The field c1.
        public var c1: CompositeHeaderVectors.Comp1.Value = CompositeHeaderVectors.Comp1.Value()
        /// The field meanie.
        public var meanie: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.eenie, "eenie", 0)
            visitor.composite(&self.c1, "c1", 4)
            visitor.number(&self.meanie, "meanie", 12)
        }
    }
}

extension SBEView where Block == CompositeHeaderVectors.Comp3 {
    /// `moe` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var moe: UInt32 { _load(0) }
    /// `roe` at byte 20.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var roe: UInt32 { _load(20) }
}

extension SBEEncoder where Block == CompositeHeaderVectors.Comp3 {
    /// `moe` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var moe: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `roe` at byte 20.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var roe: UInt32 {
        get { _load(20) }
        nonmutating set { _store(newValue, 20) }
    }
}

extension CompositeHeaderVectors.Comp3 {
    /// A copy of `Comp3` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.Comp3
        /// The field moe.
        public var moe: UInt32 = 0
        /// The field c2.
        public var c2: CompositeHeaderVectors.Comp2.Value = CompositeHeaderVectors.Comp2.Value()
        /// The field roe.
        public var roe: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.moe, "moe", 0)
            visitor.composite(&self.c2, "c2", 4)
            visitor.number(&self.roe, "roe", 20)
        }
    }
}

extension SBEView where Block == CompositeHeaderVectors.Comp4 {
    /// `roe` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var roe: UInt32 { _load(0) }
}

extension SBEEncoder where Block == CompositeHeaderVectors.Comp4 {
    /// `roe` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var roe: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension CompositeHeaderVectors.Comp4 {
    /// A copy of `Comp4` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.Comp4
        /// The field roe.
        public var roe: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.roe, "roe", 0)
        }
    }
}

extension SBEView where Block == CompositeHeaderVectors.MessageHeader {
    /// `blockLength` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var blockLength: UInt16 { _load(0) }
    /// `templateId` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var templateId: UInt16 { _load(2) }
    /// `schemaId` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var schemaId: UInt16 { _load(4) }
    /// `version` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var version: UInt16 { _load(6) }
    /// `lmn` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var lmn: UInt32 { _load(16) }
    /// `opq` at byte 36.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var opq: UInt32 { _load(36) }
}

extension SBEEncoder where Block == CompositeHeaderVectors.MessageHeader {
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
    /// `lmn` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var lmn: UInt32 {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
    /// `opq` at byte 36.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var opq: UInt32 {
        get { _load(36) }
        nonmutating set { _store(newValue, 36) }
    }
}

extension CompositeHeaderVectors.MessageHeader {
    /// A copy of `messageHeader` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.MessageHeader
        /// The field blockLength.
        public var blockLength: UInt16 = 0
        /// The field templateId.
        public var templateId: UInt16 = 0
        /// The field schemaId.
        public var schemaId: UInt16 = 0
        /// The field version.
        public var version: UInt16 = 0
        /// The field c1.
        public var c1: CompositeHeaderVectors.Comp1.Value = CompositeHeaderVectors.Comp1.Value()
        /// The field lmn.
        public var lmn: UInt32 = 0
        /// The field c2.
        public var c2: CompositeHeaderVectors.Comp2.Value = CompositeHeaderVectors.Comp2.Value()
        /// The field opq.
        public var opq: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.blockLength, "blockLength", 0)
            visitor.number(&self.templateId, "templateId", 2)
            visitor.number(&self.schemaId, "schemaId", 4)
            visitor.number(&self.version, "version", 6)
            visitor.composite(&self.c1, "c1", 8)
            visitor.number(&self.lmn, "lmn", 16)
            visitor.composite(&self.c2, "c2", 20)
            visitor.number(&self.opq, "opq", 36)
        }
    }
}

extension CompositeHeaderVectors.Barmsg {
    /// A copy of `barmsg` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CompositeHeaderVectors.Barmsg
        /// The field header.
        public var header: CompositeHeaderVectors.MessageHeader.Value = CompositeHeaderVectors.MessageHeader.Value()
        /// The field c3.
        public var c3: CompositeHeaderVectors.Comp3.Value = CompositeHeaderVectors.Comp3.Value()
        /// The field c4.
        public var c4: CompositeHeaderVectors.Comp4.Value = CompositeHeaderVectors.Comp4.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.header, "header", 0)
            visitor.composite(&self.c3, "c3", 40)
            visitor.composite(&self.c4, "c4", 64)
        }
    }
}
