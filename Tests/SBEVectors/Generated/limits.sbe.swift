// Generated from limits.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Limits of counts, lengths and values.
public enum LimitsVectors {
    /// Limits of counts, lengths and values.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 33 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 1 }
        /// Big-endian.
        @_alwaysEmitIntoClient public static var byteOrder: ByteOrder { .bigEndian }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 1) }
    }

    /// The enumeration Side.
    @frozen public enum Side: SBEEnumeration {
        /// `Buy`, 66 on the wire.
        case buy
        /// `Sell`, 83 on the wire.
        case sell
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The value of a number.
        @_alwaysEmitIntoClient public init(sbeBits: UInt8) {
            switch sbeBits {
            case 66: self = .buy
            case 83: self = .sell
            case 0: self = .null
            default: self = .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @_alwaysEmitIntoClient public var sbeBits: UInt8 {
            switch self {
            case .buy: 66
            case .sell: 83
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @_alwaysEmitIntoClient public var sbeName: StaticString? {
            switch self {
            case .buy: "Buy"
            case .sell: "Sell"
            case .null, .unknown: nil
            }
        }
    }

    /// The composite Price.
    public enum Price: SBECompositeType {
        /// The schema.
        public typealias Schema = LimitsVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Price" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 5 }
    }

    /// The message Counted, template 1.
    public enum Counted: SBEMessage {
        /// The schema.
        public typealias Schema = LimitsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = LimitsVectors.Counted.Few
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Counted" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The group few.
            @_alwaysEmitIntoClient public var few: SBEMember<LimitsVectors.Counted.Few> { .init() }
            /// The group many.
            @_alwaysEmitIntoClient public var many: SBEMember<LimitsVectors.Counted.Many> { .init() }
            /// The group huge.
            @_alwaysEmitIntoClient public var huge: SBEMember<LimitsVectors.Counted.Huge> { .init() }
            /// The data brief.
            @_alwaysEmitIntoClient public var brief: SBEMember<LimitsVectors.Counted.BriefData> { .init() }
            /// The data tiny.
            @_alwaysEmitIntoClient public var tiny: SBEMember<LimitsVectors.Counted.TinyData> { .init() }
            /// The data large.
            @_alwaysEmitIntoClient public var large: SBEMember<LimitsVectors.Counted.LargeData> { .init() }
        }

        /// An entry of the group few.
        public enum Few: SBEGroupBlock {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = LimitsVectors.Counted.Many
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 1, 3) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "few" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
        }

        /// An entry of the group many.
        public enum Many: SBEGroupBlock {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = LimitsVectors.Counted.Few
            /// What follows it.
            public typealias Next = LimitsVectors.Counted.Huge
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "many" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 0 }
        }

        /// An entry of the group huge.
        public enum Huge: SBEGroupBlock {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = LimitsVectors.Counted.Huge.LateData
            /// What precedes the group.
            public typealias Previous = LimitsVectors.Counted.Many
            /// What follows it.
            public typealias Next = LimitsVectors.Counted.BriefData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 6, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 4)), since: 0, 0, 2147483647) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "huge" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 0 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The data late.
                @_alwaysEmitIntoClient public var late: SBEMember<LimitsVectors.Counted.Huge.LateData> { .init() }
            }

            /// The data late.
            public enum LateData: SBEDataPart {
                /// The schema.
                public typealias Schema = LimitsVectors.Schema
                /// What precedes the data.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("late", length: SBEWireInteger(0, 1), dataOffset: 1, since: 1, 0, 254, .utf8) }
            }
        }

        /// The data brief.
        public enum BriefData: SBEDataPart {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// What precedes the data.
            public typealias Previous = LimitsVectors.Counted.Huge
            /// What follows it.
            public typealias Next = LimitsVectors.Counted.TinyData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("brief", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 2, 5, .utf8) }
        }

        /// The data tiny.
        public enum TinyData: SBEDataPart {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// What precedes the data.
            public typealias Previous = LimitsVectors.Counted.BriefData
            /// What follows it.
            public typealias Next = LimitsVectors.Counted.LargeData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("tiny", length: SBEWireInteger(0, 1), dataOffset: 1, since: 0, 0, 254, .utf8) }
        }

        /// The data large.
        public enum LargeData: SBEDataPart {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// What precedes the data.
            public typealias Previous = LimitsVectors.Counted.TinyData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("large", length: SBEWireInteger(0, 4), dataOffset: 4, since: 0, 0, 100000, .utf8) }
        }
    }

    /// The message Ranged, template 2.
    public enum Ranged: SBEMessage {
        /// The schema.
        public typealias Schema = LimitsVectors.Schema
        /// The first group or data.
        public typealias FirstPart = LimitsVectors.Ranged.Legs
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Ranged" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 29 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 1 { return 29 }
            return 23
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field triple.
            @_alwaysEmitIntoClient public var triple: SBEMember<LimitsVectors.Ranged.TripleField> { .init() }
            /// The field code.
            @_alwaysEmitIntoClient public var code: SBEMember<LimitsVectors.Ranged.CodeField> { .init() }
            /// The field price.
            @_alwaysEmitIntoClient public var price: SBEMember<LimitsVectors.Ranged.PriceField> { .init() }
            /// The field offer.
            @_alwaysEmitIntoClient public var offer: SBELaterMember<LimitsVectors.Ranged.OfferField> { .init() }
            /// The group legs.
            @_alwaysEmitIntoClient public var legs: SBEMember<LimitsVectors.Ranged.Legs> { .init() }
        }

        /// Where the field triple is.
        public enum TripleField: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt16
            /// All of it.
            public typealias Values = InlineArray<3, UInt16>
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 6 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 3 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt16 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt16) -> Values { Values(element) }
        }

        /// Where the field code is.
        public typealias CodeField = SBETextPlace<LimitsVectors.Ranged, 12, 4, 0, SBEUTF8Text>

        /// Where the field price is.
        public typealias PriceField = SBECompositePlace<LimitsVectors.Price, 18, 0>

        /// Where the field offer is.
        public typealias OfferField = SBECompositePlace<LimitsVectors.Price, 24, 1>

        /// An entry of the group legs.
        public enum Legs: SBEGroupBlock {
            /// The schema.
            public typealias Schema = LimitsVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = SBEEnd
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 2, blockLength: SBEWireInteger(0, 1), count: SBEWireInteger(1, 1)), since: 0, 0, 255) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "legs" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "code"
        }

        /// Makes the optional fields null.
        @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
            block._store8(128, 1)
            block._store32(128, 24)
        }
    }
}

extension SBEView where Block == LimitsVectors.Price {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int32 { _load(0) }
    /// `exponent`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var exponent: Int8 { -2 }
    /// `chance` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var chance: Int8 { _load(4) }
}

extension SBEEncoder where Block == LimitsVectors.Price {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `chance` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var chance: Int8 {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

extension LimitsVectors.Price {
    /// A copy of `Price` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Price
        /// The field mantissa.
        public var mantissa: Int32 = 0
        /// The field chance.
        public var chance: Int8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.mantissa, "mantissa", 0, -2147483647, 999999)
            visitor.constant(Int8(-2), "exponent")
            visitor.number(&self.chance, "chance", 4, 0, 100)
        }
    }
}

extension SBEPartName where Part == LimitsVectors.Counted.Few {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var few: Self { Self() }
}

extension SBEPartName where Part == LimitsVectors.Counted.Many {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var many: Self { Self() }
}

extension SBEPartName where Part == LimitsVectors.Counted.Huge {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var huge: Self { Self() }
}

extension SBEPartName where Part == LimitsVectors.Counted.BriefData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var brief: Self { Self() }
}

extension SBEPartName where Part == LimitsVectors.Counted.TinyData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var tiny: Self { Self() }
}

extension SBEPartName where Part == LimitsVectors.Counted.LargeData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var large: Self { Self() }
}

extension SBEView where Block == LimitsVectors.Counted.Few {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: UInt8 { _load(0) }
}

extension SBEEncoder where Block == LimitsVectors.Counted.Few {
    /// `value` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: UInt8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEView where Block == LimitsVectors.Counted.Many {
    /// `letter`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var letter: SBEChar { SBEChar(120) }
}

extension SBEPartName where Part == LimitsVectors.Counted.Huge.LateData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var late: Self { Self() }
}

extension LimitsVectors.Counted {
    /// A copy of `Counted` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Counted
        /// The group few.
        public var few: [LimitsVectors.Counted.Few.Value] = []
        /// The group many.
        public var many: [LimitsVectors.Counted.Many.Value] = []
        /// The group huge.
        public var huge: [LimitsVectors.Counted.Huge.Value] = []
        /// The data brief.
        public var brief = SBEOctets()
        /// The data tiny.
        public var tiny = SBEOctets()
        /// The data large.
        public var large = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.group(&self.few)
            visitor.group(&self.many)
            visitor.group(&self.huge)
            visitor.data(&self.brief, LimitsVectors.Counted.BriefData.self, .utf8, isASCII: false)
            visitor.data(&self.tiny, LimitsVectors.Counted.TinyData.self)
            visitor.data(&self.large, LimitsVectors.Counted.LargeData.self)
        }
    }
}

extension LimitsVectors.Counted.Few {
    /// A copy of `few` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Counted.Few
        /// The field value.
        public var value: UInt8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.value, "value", 0)
        }
    }
}

extension LimitsVectors.Counted.Many {
    /// A copy of `many` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Counted.Many

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.constant(SBEChar(120), "letter")
        }
    }
}

extension LimitsVectors.Counted.Huge {
    /// A copy of `huge` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Counted.Huge
        /// The data late.
        public var late = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.data(&self.late, LimitsVectors.Counted.Huge.LateData.self)
        }
    }
}

extension SBEView where Block == LimitsVectors.Ranged {
    /// `percent` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var percent: Int8 { _load(0) }
    /// `maybe` at byte 1, optional.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var maybe: Int8? { _loadOptional(1, null: -128) }
    /// `odds` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var odds: Float { _load(2) }
    /// `plain` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var plain: UInt8 { _load(16) }
    /// `side` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: LimitsVectors.Side { _load(17) }
    /// `padded`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var padded: String { "Hi" }
    /// `latin`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var latin: String { "né" }
    /// `late` at byte 23; nil before version 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var late: Int8? { _loadLater(23, since: 1) }
}

extension SBEEncoder where Block == LimitsVectors.Ranged {
    /// `percent` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var percent: Int8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `maybe` at byte 1.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var maybe: Int8? {
        get { _loadOptional(1, null: -128) }
        nonmutating set { _storeOptional(newValue, 1, null: -128) }
    }
    /// `odds` at byte 2.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var odds: Float {
        get { _load(2) }
        nonmutating set { _store(newValue, 2) }
    }
    /// `plain` at byte 16.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var plain: UInt8 {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
    /// `side` at byte 17.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: LimitsVectors.Side {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
    /// `late` at byte 23.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var late: Int8 {
        get { _load(23) }
        nonmutating set { _store(newValue, 23) }
    }
}

extension SBEPartName where Part == LimitsVectors.Ranged.Legs {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var legs: Self { Self() }
}

extension SBEView where Block == LimitsVectors.Ranged.Legs {
    /// `share` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var share: Int8 { _load(0) }
}

extension SBEEncoder where Block == LimitsVectors.Ranged.Legs {
    /// `share` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var share: Int8 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension LimitsVectors.Ranged {
    /// A copy of `Ranged` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Ranged
        /// The field percent.
        public var percent: Int8 = 0
        /// The field maybe.
        public var maybe: Int8? = nil
        /// The field odds.
        public var odds: Float = 0
        /// The field triple.
        public var triple: [UInt16] = [UInt16](repeating: 0, count: 3)
        /// The field code.
        public var code: SBEOctets = SBEOctets()
        /// The field plain.
        public var plain: UInt8 = 0
        /// The field side.
        public var side: LimitsVectors.Side = .null
        /// The field price.
        public var price: LimitsVectors.Price.Value = LimitsVectors.Price.Value()
        /// The field late.
        public var late: Int8? = nil
        /// The field offer.
        public var offer: LimitsVectors.Price.Value? = nil
        /// The group legs.
        public var legs: [LimitsVectors.Ranged.Legs.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.percent, "percent", 0, 0, 100)
            visitor.optional(&self.maybe, "maybe", 1, null: -128, 0, 100)
            visitor.number(&self.odds, "odds", 2, Float(bitPattern: 3217031168), Float(bitPattern: 1069547520))
            visitor.array(&self.triple, "triple", 6, 3, 0, 1000)
            visitor.text(&self.code, "code", 12, 4, .utf8, isASCII: true)
            visitor.number(&self.plain, "plain", 16)
            visitor.enumeration(&self.side, "side", 17, null: .null, isOptional: false)
            visitor.composite(&self.price, "price", 18)
            visitor.constant([72, 105, 0, 0], "padded", .utf8)
            visitor.constant([110, 233], "latin", .latin1)
            visitor.later(&self.late, "late", 23, since: 1, 0, 100)
            visitor.later(&self.offer, "offer", 24, since: 1, isNull: self.offer.map { $0.mantissa.isSBENull(Int32(-2147483648)) } ?? false)
            visitor.group(&self.legs)
        }
    }
}

extension LimitsVectors.Ranged.Legs {
    /// A copy of `legs` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = LimitsVectors.Ranged.Legs
        /// The field share.
        public var share: Int8 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.share, "share", 0, 0, 100)
        }
    }
}
