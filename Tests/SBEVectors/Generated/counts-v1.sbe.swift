// Generated from counts-v1.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// What the next version of counts adds: fields, groups and data, at both levels.
public enum CountsVectorsV1 {
    /// What the next version of counts adds: fields, groups and data, at both levels.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 41 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 1 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 12, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2), groups: SBEWireInteger(8, 2), data: SBEWireInteger(10, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
    }

    /// The message Order, template 1.
    public enum Order: SBEMessage {
        /// The schema.
        public typealias Schema = CountsVectorsV1.Schema
        /// The first group or data.
        public typealias FirstPart = CountsVectorsV1.Order.Legs
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Order" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 12 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 1 { return 12 }
            return 4
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group legs.
            @_alwaysEmitIntoClient public var legs: SBEMember<CountsVectorsV1.Order.Legs> { .init() }
            /// The group parties.
            @_alwaysEmitIntoClient public var parties: SBEMember<CountsVectorsV1.Order.Parties> { .init() }
            /// The group marks.
            @_alwaysEmitIntoClient public var marks: SBEMember<CountsVectorsV1.Order.Marks> { .init() }
            /// The data note.
            @_alwaysEmitIntoClient public var note: SBEMember<CountsVectorsV1.Order.NoteData> { .init() }
            /// The data remark.
            @_alwaysEmitIntoClient public var remark: SBEMember<CountsVectorsV1.Order.RemarkData> { .init() }
        }

        /// An entry of the group legs.
        public enum Legs: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CountsVectorsV1.Schema
            /// The first group or data.
            public typealias FirstPart = CountsVectorsV1.Order.Legs.Fees
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = CountsVectorsV1.Order.Parties
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "legs" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 3 }
            /// Bytes of the fields that a version has.
            @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
                if version >= 1 { return 3 }
                return 2
            }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group fees.
                @_alwaysEmitIntoClient public var fees: SBEMember<CountsVectorsV1.Order.Legs.Fees> { .init() }
                /// The data memo.
                @_alwaysEmitIntoClient public var memo: SBEMember<CountsVectorsV1.Order.Legs.MemoData> { .init() }
            }

            /// An entry of the group fees.
            public enum Fees: SBEGroupBlock {
                /// The schema.
                public typealias Schema = CountsVectorsV1.Schema
                /// The first group or data.
                public typealias FirstPart = CountsVectorsV1.Order.Legs.Fees.ReasonData
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = CountsVectorsV1.Order.Legs.MemoData
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 1, 0, 65535) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "fees" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 2 }

                /// What a view of this type offers beside plain values. There are no values of it.
                public struct Members {
                    /// The data reason.
                    @_alwaysEmitIntoClient public var reason: SBEMember<CountsVectorsV1.Order.Legs.Fees.ReasonData> { .init() }
                }

                /// The data reason.
                public enum ReasonData: SBEDataPart {
                    /// The schema.
                    public typealias Schema = CountsVectorsV1.Schema
                    /// What precedes the data.
                    public typealias Previous = SBEStart
                    /// What follows it.
                    public typealias Next = SBEEnd
                    /// Its name, where it is, how long it may be, how text is read.
                    @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("reason", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
                }
            }

            /// The data memo.
            public enum MemoData: SBEDataPart {
                /// The schema.
                public typealias Schema = CountsVectorsV1.Schema
                /// What precedes the data.
                public typealias Previous = CountsVectorsV1.Order.Legs.Fees
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("memo", length: SBEWireInteger(0, 2), dataOffset: 2, since: 1, 0, 65534, .utf8) }
            }
        }

        /// An entry of the group parties.
        public enum Parties: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CountsVectorsV1.Schema
            /// The first group or data.
            public typealias FirstPart = CountsVectorsV1.Order.Parties.Desks
            /// What precedes the group.
            public typealias Previous = CountsVectorsV1.Order.Legs
            /// What follows it.
            public typealias Next = CountsVectorsV1.Order.Marks
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "parties" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group desks.
                @_alwaysEmitIntoClient public var desks: SBEMember<CountsVectorsV1.Order.Parties.Desks> { .init() }
                /// The data name.
                @_alwaysEmitIntoClient public var name: SBEMember<CountsVectorsV1.Order.Parties.NameData> { .init() }
            }

            /// An entry of the group desks.
            public enum Desks: SBEGroupBlock {
                /// The schema.
                public typealias Schema = CountsVectorsV1.Schema
                /// The first group or data.
                public typealias FirstPart = SBEEnd
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = CountsVectorsV1.Order.Parties.NameData
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 1, 0, 65535) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "desks" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
            }

            /// The data name.
            public enum NameData: SBEDataPart {
                /// The schema.
                public typealias Schema = CountsVectorsV1.Schema
                /// What precedes the data.
                public typealias Previous = CountsVectorsV1.Order.Parties.Desks
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("name", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
            }
        }

        /// An entry of the group marks.
        public enum Marks: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CountsVectorsV1.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = CountsVectorsV1.Order.Parties
            /// What follows it.
            public typealias Next = CountsVectorsV1.Order.NoteData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 1, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "marks" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
        }

        /// The data note.
        public enum NoteData: SBEDataPart {
            /// The schema.
            public typealias Schema = CountsVectorsV1.Schema
            /// What precedes the data.
            public typealias Previous = CountsVectorsV1.Order.Marks
            /// What follows it.
            public typealias Next = CountsVectorsV1.Order.RemarkData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("note", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data remark.
        public enum RemarkData: SBEDataPart {
            /// The schema.
            public typealias Schema = CountsVectorsV1.Schema
            /// What precedes the data.
            public typealias Previous = CountsVectorsV1.Order.NoteData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("remark", length: SBEWireInteger(0, 2), dataOffset: 2, since: 1, 0, 65534, .utf8) }
        }
    }
}

extension SBEView where Block == CountsVectorsV1.Order {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 { _load(0) }
    /// `price` at byte 4; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double? { _loadLater(4, since: 1) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `price` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var price: Double {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Legs {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var legs: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Parties {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var parties: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Marks {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var marks: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.NoteData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var note: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.RemarkData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var remark: Self { Self() }
}

extension SBEView where Block == CountsVectorsV1.Order.Legs {
    /// `quantity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt16 { _load(0) }
    /// `side` at byte 2; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SBEChar? { _loadLater(2, since: 1) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order.Legs {
    /// `quantity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `side` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: SBEChar {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Legs.Fees {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var fees: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Legs.MemoData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var memo: Self { Self() }
}

extension SBEView where Block == CountsVectorsV1.Order.Legs.Fees {
    /// `amount` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var amount: UInt16 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order.Legs.Fees {
    /// `amount` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var amount: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Legs.Fees.ReasonData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var reason: Self { Self() }
}

extension SBEView where Block == CountsVectorsV1.Order.Parties {
    /// `role` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var role: UInt8 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order.Parties {
    /// `role` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var role: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Parties.Desks {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var desks: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV1.Order.Parties.NameData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var name: Self { Self() }
}

extension SBEView where Block == CountsVectorsV1.Order.Parties.Desks {
    /// `desk` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var desk: UInt32 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order.Parties.Desks {
    /// `desk` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var desk: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEView where Block == CountsVectorsV1.Order.Marks {
    /// `mark` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mark: UInt8 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV1.Order.Marks {
    /// `mark` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mark: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension CountsVectorsV1.Order {
    /// A copy of `Order` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order
        /// The field number.
        public var number: UInt32 = 0
        /// The field price.
        public var price: Double? = nil
        /// The group legs.
        public var legs: [CountsVectorsV1.Order.Legs.Value] = []
        /// The group parties.
        public var parties: [CountsVectorsV1.Order.Parties.Value] = []
        /// The group marks.
        public var marks: [CountsVectorsV1.Order.Marks.Value] = []
        /// The data note.
        public var note = SBEOctets()
        /// The data remark.
        public var remark = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.number, "number", 0)
            visitor.later(&self.price, "price", 4, since: 1)
            visitor.group(&self.legs)
            visitor.group(&self.parties)
            visitor.group(&self.marks)
            visitor.data(&self.note, CountsVectorsV1.Order.NoteData.self, .utf8, isASCII: false)
            visitor.data(&self.remark, CountsVectorsV1.Order.RemarkData.self, .utf8, isASCII: false)
        }
    }
}

extension CountsVectorsV1.Order.Legs {
    /// A copy of `legs` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order.Legs
        /// The field quantity.
        public var quantity: UInt16 = 0
        /// The field side.
        public var side: SBEChar? = nil
        /// The group fees.
        public var fees: [CountsVectorsV1.Order.Legs.Fees.Value] = []
        /// The data memo.
        public var memo = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.quantity, "quantity", 0)
            visitor.later(&self.side, "side", 2, since: 1)
            visitor.group(&self.fees)
            visitor.data(&self.memo, CountsVectorsV1.Order.Legs.MemoData.self, .utf8, isASCII: false)
        }
    }
}

extension CountsVectorsV1.Order.Legs.Fees {
    /// A copy of `fees` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order.Legs.Fees
        /// The field amount.
        public var amount: UInt16 = 0
        /// The data reason.
        public var reason = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.amount, "amount", 0)
            visitor.data(&self.reason, CountsVectorsV1.Order.Legs.Fees.ReasonData.self, .utf8, isASCII: false)
        }
    }
}

extension CountsVectorsV1.Order.Parties {
    /// A copy of `parties` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order.Parties
        /// The field role.
        public var role: UInt8 = 0
        /// The group desks.
        public var desks: [CountsVectorsV1.Order.Parties.Desks.Value] = []
        /// The data name.
        public var name = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.role, "role", 0)
            visitor.group(&self.desks)
            visitor.data(&self.name, CountsVectorsV1.Order.Parties.NameData.self, .utf8, isASCII: false)
        }
    }
}

extension CountsVectorsV1.Order.Parties.Desks {
    /// A copy of `desks` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order.Parties.Desks
        /// The field desk.
        public var desk: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.desk, "desk", 0)
        }
    }
}

extension CountsVectorsV1.Order.Marks {
    /// A copy of `marks` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV1.Order.Marks
        /// The field mark.
        public var mark: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.mark, "mark", 0)
        }
    }
}
