// Generated from counts-v0.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Headers and dimensions that count groups and data.
public enum CountsVectorsV0 {
    /// Headers and dimensions that count groups and data.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 41 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 0 }
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
        public typealias Schema = CountsVectorsV0.Schema
        /// The first group or data.
        public typealias FirstPart = CountsVectorsV0.Order.Legs
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Order" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group legs.
            @_alwaysEmitIntoClient public var legs: SBEMember<CountsVectorsV0.Order.Legs> { .init() }
            /// The group parties.
            @_alwaysEmitIntoClient public var parties: SBEMember<CountsVectorsV0.Order.Parties> { .init() }
            /// The data note.
            @_alwaysEmitIntoClient public var note: SBEMember<CountsVectorsV0.Order.NoteData> { .init() }
        }

        /// An entry of the group legs.
        public enum Legs: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CountsVectorsV0.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = CountsVectorsV0.Order.Parties
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "legs" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 2 }
        }

        /// An entry of the group parties.
        public enum Parties: SBEGroupBlock {
            /// The schema.
            public typealias Schema = CountsVectorsV0.Schema
            /// The first group or data.
            public typealias FirstPart = CountsVectorsV0.Order.Parties.NameData
            /// What precedes the group.
            public typealias Previous = CountsVectorsV0.Order.Legs
            /// What follows it.
            public typealias Next = CountsVectorsV0.Order.NoteData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2), groups: SBEWireInteger(4, 1), data: SBEWireInteger(5, 1)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "parties" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The data name.
                @_alwaysEmitIntoClient public var name: SBEMember<CountsVectorsV0.Order.Parties.NameData> { .init() }
            }

            /// The data name.
            public enum NameData: SBEDataPart {
                /// The schema.
                public typealias Schema = CountsVectorsV0.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("name", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
            }
        }

        /// The data note.
        public enum NoteData: SBEDataPart {
            /// The schema.
            public typealias Schema = CountsVectorsV0.Schema
            /// What precedes the data.
            public typealias Previous = CountsVectorsV0.Order.Parties
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("note", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }
    }
}

extension SBEView where Block == CountsVectorsV0.Order {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV0.Order {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == CountsVectorsV0.Order.Legs {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var legs: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV0.Order.Parties {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var parties: Self { Self() }
}

extension SBEPartName where Part == CountsVectorsV0.Order.NoteData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var note: Self { Self() }
}

extension SBEView where Block == CountsVectorsV0.Order.Legs {
    /// `quantity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt16 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV0.Order.Legs {
    /// `quantity` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var quantity: UInt16 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEView where Block == CountsVectorsV0.Order.Parties {
    /// `role` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var role: UInt8 { _load(0) }
}

extension SBEEncoder where Block == CountsVectorsV0.Order.Parties {
    /// `role` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var role: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == CountsVectorsV0.Order.Parties.NameData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var name: Self { Self() }
}

extension CountsVectorsV0.Order {
    /// A copy of `Order` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV0.Order
        /// The field number.
        public var number: UInt32 = 0
        /// The group legs.
        public var legs: [CountsVectorsV0.Order.Legs.Value] = []
        /// The group parties.
        public var parties: [CountsVectorsV0.Order.Parties.Value] = []
        /// The data note.
        public var note = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.number, "number", 0)
            visitor.group(&self.legs)
            visitor.group(&self.parties)
            visitor.data(&self.note, CountsVectorsV0.Order.NoteData.self, .utf8, isASCII: false)
        }
    }
}

extension CountsVectorsV0.Order.Legs {
    /// A copy of `legs` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV0.Order.Legs
        /// The field quantity.
        public var quantity: UInt16 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.quantity, "quantity", 0)
        }
    }
}

extension CountsVectorsV0.Order.Parties {
    /// A copy of `parties` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = CountsVectorsV0.Order.Parties
        /// The field role.
        public var role: UInt8 = 0
        /// The data name.
        public var name = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.role, "role", 0)
            visitor.data(&self.name, CountsVectorsV0.Order.Parties.NameData.self, .utf8, isASCII: false)
        }
    }
}
