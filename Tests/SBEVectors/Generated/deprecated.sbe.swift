// Generated from deprecated.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// The messages of deprecated.sbe.xml.
public enum DeprecatedVectors {
    /// What the messages of the package vectors.deprecated have in common.
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 78 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 3 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
        /// How groups of newer versions begin.
        @_alwaysEmitIntoClient public static var dimensions: SBEDimensionLayout { SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)) }
        /// How long data of newer versions are.
        @_alwaysEmitIntoClient public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
    }

    /// The enumeration Side.
    @frozen public enum Side: SBEAgingEnumeration {
        /// `old`, 1 on the wire.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        case old
        /// `new`, 2 on the wire.
        case new
        /// `deprecated`, 3 on the wire.
        @available(*, deprecated, message: "deprecated since version 3 of the schema")
        case deprecated
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The number.
        public typealias Bits = UInt8

        /// The value of a number.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public static func _value(_ sbeBits: UInt8) -> Self {
            switch sbeBits {
            case 1: return .old
            case 2: return .new
            case 3: return .deprecated
            case 255: return .null
            default: return .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _bits: UInt8 {
            switch self {
            case .old: 1
            case .new: 2
            case .deprecated: 3
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _name: StaticString? {
            switch self {
            case .old: "old"
            case .new: "new"
            case .deprecated: "deprecated"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration Letter.
    @frozen public enum Letter: SBEAgingEnumeration {
        /// `A`, 65 on the wire.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        case a
        /// `B`, 66 on the wire.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        case b
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The number.
        public typealias Bits = UInt8

        /// The value of a number.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public static func _value(_ sbeBits: UInt8) -> Self {
            switch sbeBits {
            case 65: return .a
            case 66: return .b
            case 0: return .null
            default: return .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _bits: UInt8 {
            switch self {
            case .a: 65
            case .b: 66
            case .null: 0
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _name: StaticString? {
            switch self {
            case .a: "A"
            case .b: "B"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration OldSide.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @frozen public enum OldSide: SBEAgingEnumeration {
        /// `a`, 1 on the wire.
        case a
        /// `b`, 2 on the wire.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        case b
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The number.
        public typealias Bits = UInt8

        /// The value of a number.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public static func _value(_ sbeBits: UInt8) -> Self {
            switch sbeBits {
            case 1: return .a
            case 2: return .b
            case 255: return .null
            default: return .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _bits: UInt8 {
            switch self {
            case .a: 1
            case .b: 2
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _name: StaticString? {
            switch self {
            case .a: "a"
            case .b: "b"
            case .null, .unknown: nil
            }
        }
    }

    /// The enumeration Pair.Kind.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @frozen public enum PairKind: SBEAgingEnumeration {
        /// `x`, 1 on the wire.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        case x
        /// No value.
        case null
        /// A value that the schema does not list.
        case unknown(UInt8)

        /// The number.
        public typealias Bits = UInt8

        /// The value of a number.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public static func _value(_ sbeBits: UInt8) -> Self {
            switch sbeBits {
            case 1: return .x
            case 255: return .null
            default: return .unknown(sbeBits)
            }
        }

        /// The number of the value.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _bits: UInt8 {
            switch self {
            case .x: 1
            case .null: 255
            case .unknown(let bits): bits
            }
        }

        /// The name in the schema.
        @available(*, deprecated, message: "for the library")
        @_alwaysEmitIntoClient public var _name: StaticString? {
            switch self {
            case .x: "x"
            case .null, .unknown: nil
            }
        }
    }

    /// The set Flags.
    @frozen public struct Flags: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `low`, bit 0.
        @_alwaysEmitIntoClient public static var low: Self { Self(rawValue: 1) }
        /// `high`, bit 7.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        @_alwaysEmitIntoClient public static var high: Self { Self(rawValue: 128) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "low"), (Self(rawValue: 128), "high")]
        }
    }

    /// The set OldFlags.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @frozen public struct OldFlags: SBEChoices {
        /// The bits.
        public var rawValue: UInt16

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// `low`, bit 0.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        @_alwaysEmitIntoClient public static var low: Self { Self(rawValue: 1) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 1), "low")]
        }
    }

    /// The set Pair.Bits.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @frozen public struct PairBits: SBEChoices {
        /// The bits.
        public var rawValue: UInt8

        /// The set of these bits.
        @_alwaysEmitIntoClient public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `x`, bit 1.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        @_alwaysEmitIntoClient public static var x: Self { Self(rawValue: 2) }

        /// The choices by their names in the schema.
        public static var sbeNames: [(choice: Self, name: StaticString)] {
            [(Self(rawValue: 2), "x")]
        }
    }

    /// The composite Price.
    public enum Price: SBECompositeType {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Price" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 8 }
    }

    /// The composite OldPrice.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    public enum OldPrice: SBECompositeType {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "OldPrice" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 9 }
    }

    /// The composite Inner.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    public enum PairInner: SBECompositeType {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Inner" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
    }

    /// The composite Pair.
    public enum Pair: SBECompositeType {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Pair" }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 23 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field old.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var old: SBEMember<DeprecatedVectors.Pair.OldField> { .init() }
            /// The field new.
            @_alwaysEmitIntoClient public var new: SBELaterMember<DeprecatedVectors.Pair.NewField> { .init() }
            /// The field Inner.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var inner: SBEMember<DeprecatedVectors.Pair.InnerField> { .init() }
        }

        /// Where the field old is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias OldField = SBECompositePlace<DeprecatedVectors.OldPrice, 0, 0>

        /// Where the field new is.
        public typealias NewField = SBECompositePlace<DeprecatedVectors.Price, 9, 2>

        /// Where the field Inner is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias InnerField = SBECompositePlace<DeprecatedVectors.PairInner, 19, 0>
    }

    /// The message Current, template 1.
    public enum Current: SBEMessage {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The first group or data.
        public typealias FirstPart = DeprecatedVectors.Current.OldGroup
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Current" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 108 }
        /// Bytes of the fields that a version has.
        @_alwaysEmitIntoClient public static func blockLengthMin(version: Int) -> Int {
            if version >= 3 { return 108 }
            if version >= 2 { return 108 }
            if version >= 1 { return 108 }
            return 73
        }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field price.
            @_alwaysEmitIntoClient public var price: SBEMember<DeprecatedVectors.Current.PriceField> { .init() }
            /// The field pair.
            @_alwaysEmitIntoClient public var pair: SBEMember<DeprecatedVectors.Current.PairField> { .init() }
            /// The field oldPrice.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var oldPrice: SBEMember<DeprecatedVectors.Current.OldPriceField> { .init() }
            /// The field oldName.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var oldName: SBEMember<DeprecatedVectors.Current.OldNameField> { .init() }
            /// The field oldList.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var oldList: SBEMember<DeprecatedVectors.Current.OldListField> { .init() }
            /// The field laterPrice.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var laterPrice: SBELaterMember<DeprecatedVectors.Current.LaterPriceField> { .init() }
            /// The field laterName.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var laterName: SBEMember<DeprecatedVectors.Current.LaterNameField> { .init() }
            /// The field laterList.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var laterList: SBEMember<DeprecatedVectors.Current.LaterListField> { .init() }
            /// The group oldGroup.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var oldGroup: SBEMember<DeprecatedVectors.Current.OldGroup> { .init() }
            /// The group newGroup.
            @_alwaysEmitIntoClient public var newGroup: SBEMember<DeprecatedVectors.Current.NewGroup> { .init() }
            /// The data oldData.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var oldData: SBEMember<DeprecatedVectors.Current.OldDataData> { .init() }
            /// The data newData.
            @_alwaysEmitIntoClient public var newData: SBEMember<DeprecatedVectors.Current.NewDataData> { .init() }
        }

        /// Where the field price is.
        public typealias PriceField = SBECompositePlace<DeprecatedVectors.Price, 8, 0>

        /// Where the field pair is.
        public typealias PairField = SBECompositePlace<DeprecatedVectors.Pair, 16, 0>

        /// Where the field oldPrice is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias OldPriceField = SBECompositePlace<DeprecatedVectors.OldPrice, 42, 0>

        /// Where the field oldName is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias OldNameField = SBETextPlace<DeprecatedVectors.Current, 59, 8, 0, SBEUTF8Text>

        /// Where the field oldList is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public enum OldListField: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt16
            /// All of it.
            public typealias Values = InlineArray<3, UInt16>
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 67 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 3 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt16 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt16) -> Values { Values(element) }
        }

        /// Where the field laterPrice is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias LaterPriceField = SBECompositePlace<DeprecatedVectors.OldPrice, 77, 1>

        /// Where the field laterName is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias LaterNameField = SBETextPlace<DeprecatedVectors.Current, 94, 8, 1, SBEUTF8Text>

        /// Where the field laterList is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public enum LaterListField: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt16
            /// All of it.
            public typealias Values = InlineArray<3, UInt16>
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 102 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 3 }
            /// The version that introduced it.
            @_alwaysEmitIntoClient public static var sinceVersion: Int { 1 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt16 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt16) -> Values { Values(element) }
        }

        /// An entry of the group oldGroup.
        public enum OldGroup: SBEGroupBlock {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// The first group or data.
            public typealias FirstPart = DeprecatedVectors.Current.OldGroup.Inner
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = DeprecatedVectors.Current.NewGroup
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "oldGroup" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 1 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group inner.
                @available(*, deprecated, message: "deprecated since version 2 of the schema")
                @_alwaysEmitIntoClient public var inner: SBEMember<DeprecatedVectors.Current.OldGroup.Inner> { .init() }
            }

            /// An entry of the group inner.
            public enum Inner: SBEGroupBlock {
                /// The schema.
                public typealias Schema = DeprecatedVectors.Schema
                /// The first group or data.
                public typealias FirstPart = DeprecatedVectors.Current.OldGroup.Inner.NoteData
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = SBEEnd
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "inner" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 9 }

                /// What a view of this type offers beside plain values. There are no values of it.
                public struct Members {
                    /// The field price.
                    @available(*, deprecated, message: "deprecated since version 2 of the schema")
                    @_alwaysEmitIntoClient public var price: SBEMember<DeprecatedVectors.Current.OldGroup.Inner.PriceField> { .init() }
                    /// The data note.
                    @available(*, deprecated, message: "deprecated since version 2 of the schema")
                    @_alwaysEmitIntoClient public var note: SBEMember<DeprecatedVectors.Current.OldGroup.Inner.NoteData> { .init() }
                }

                /// Where the field price is.
                @available(*, deprecated, message: "deprecated since version 2 of the schema")
                public typealias PriceField = SBECompositePlace<DeprecatedVectors.OldPrice, 0, 0>

                /// The data note.
                public enum NoteData: SBEDataPart {
                    /// The schema.
                    public typealias Schema = DeprecatedVectors.Schema
                    /// What precedes the data.
                    public typealias Previous = SBEStart
                    /// What follows it.
                    public typealias Next = SBEEnd
                    /// Its name, where it is, how long it may be, how text is read.
                    @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("note", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
                }

                /// Makes the optional fields null.
                @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
                    block._store64(9223372036854775808, 0)
                }
            }
        }

        /// An entry of the group newGroup.
        public enum NewGroup: SBEGroupBlock {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// The first group or data.
            public typealias FirstPart = SBEEnd
            /// What precedes the group.
            public typealias Previous = DeprecatedVectors.Current.OldGroup
            /// What follows it.
            public typealias Next = DeprecatedVectors.Current.OldDataData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "newGroup" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 4 }
        }

        /// The data oldData.
        public enum OldDataData: SBEDataPart {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// What precedes the data.
            public typealias Previous = DeprecatedVectors.Current.NewGroup
            /// What follows it.
            public typealias Next = DeprecatedVectors.Current.NewDataData
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("oldData", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The data newData.
        public enum NewDataData: SBEDataPart {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// What precedes the data.
            public typealias Previous = DeprecatedVectors.Current.OldDataData
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("newData", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            switch offset {
            case 59: "oldName"
            default: "laterName"
            }
        }

        /// Makes the optional fields null.
        @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
            block._store8(255, 5)
            block._store64(9223372036854775808, 8)
            block._store64(9223372036854775808, 16)
            block._store64(9223372036854775808, 25)
            block._store64(9223372036854775808, 42)
            block._store32(2147483648, 55)
            block._store64(9223372036854775808, 77)
            block._store32(2147483648, 90)
        }
    }

    /// The message Old, template 2.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    public enum Old: SBEMessage {
        /// The schema.
        public typealias Schema = DeprecatedVectors.Schema
        /// The first group or data.
        public typealias FirstPart = DeprecatedVectors.Old.Entries
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "Old" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 2 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 22 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field price.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var price: SBEMember<DeprecatedVectors.Old.PriceField> { .init() }
            /// The field name.
            @_alwaysEmitIntoClient public var name: SBEMember<DeprecatedVectors.Old.NameField> { .init() }
            /// The group entries.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var entries: SBEMember<DeprecatedVectors.Old.Entries> { .init() }
            /// The data text.
            @available(*, deprecated, message: "deprecated since version 2 of the schema")
            @_alwaysEmitIntoClient public var text: SBEMember<DeprecatedVectors.Old.TextData> { .init() }
        }

        /// Where the field price is.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public typealias PriceField = SBECompositePlace<DeprecatedVectors.OldPrice, 5, 0>

        /// Where the field name is.
        public typealias NameField = SBETextPlace<DeprecatedVectors.Old, 14, 8, 0, SBEUTF8Text>

        /// An entry of the group entries.
        public enum Entries: SBEGroupBlock {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// The first group or data.
            public typealias FirstPart = DeprecatedVectors.Old.Entries.Inner
            /// What precedes the group.
            public typealias Previous = SBEStart
            /// What follows it.
            public typealias Next = DeprecatedVectors.Old.TextData
            /// What precedes the entries, and how many there may be.
            @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
            /// The name in the schema.
            @_alwaysEmitIntoClient public static var name: StaticString { "entries" }
            /// Bytes of the fields.
            @_alwaysEmitIntoClient public static var blockLength: Int { 4 }

            /// What a view of this type offers beside plain values. There are no values of it.
            public struct Members {
                /// The group inner.
                @_alwaysEmitIntoClient public var inner: SBEMember<DeprecatedVectors.Old.Entries.Inner> { .init() }
                /// The data note.
                @_alwaysEmitIntoClient public var note: SBEMember<DeprecatedVectors.Old.Entries.NoteData> { .init() }
            }

            /// An entry of the group inner.
            public enum Inner: SBEGroupBlock {
                /// The schema.
                public typealias Schema = DeprecatedVectors.Schema
                /// The first group or data.
                public typealias FirstPart = SBEEnd
                /// What precedes the group.
                public typealias Previous = SBEStart
                /// What follows it.
                public typealias Next = DeprecatedVectors.Old.Entries.NoteData
                /// What precedes the entries, and how many there may be.
                @_alwaysEmitIntoClient public static var layout: SBEGroupLayout { SBEGroupLayout(SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2)), since: 0, 0, 65535) }
                /// The name in the schema.
                @_alwaysEmitIntoClient public static var name: StaticString { "inner" }
                /// Bytes of the fields.
                @_alwaysEmitIntoClient public static var blockLength: Int { 23 }

                /// What a view of this type offers beside plain values. There are no values of it.
                public struct Members {
                    /// The field pair.
                    @_alwaysEmitIntoClient public var pair: SBEMember<DeprecatedVectors.Old.Entries.Inner.PairField> { .init() }
                }

                /// Where the field pair is.
                public typealias PairField = SBECompositePlace<DeprecatedVectors.Pair, 0, 0>

                /// Makes the optional fields null.
                @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
                    block._store64(9223372036854775808, 0)
                    block._store64(9223372036854775808, 9)
                }
            }

            /// The data note.
            public enum NoteData: SBEDataPart {
                /// The schema.
                public typealias Schema = DeprecatedVectors.Schema
                /// What precedes the data.
                public typealias Previous = DeprecatedVectors.Old.Entries.Inner
                /// What follows it.
                public typealias Next = SBEEnd
                /// Its name, where it is, how long it may be, how text is read.
                @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("note", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
            }

            /// Makes the optional fields null.
            @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
                block._store32(4294967295, 0)
            }
        }

        /// The data text.
        public enum TextData: SBEDataPart {
            /// The schema.
            public typealias Schema = DeprecatedVectors.Schema
            /// What precedes the data.
            public typealias Previous = DeprecatedVectors.Old.Entries
            /// What follows it.
            public typealias Next = SBEEnd
            /// Its name, where it is, how long it may be, how text is read.
            @_alwaysEmitIntoClient public static var layout: SBEDataLayout { SBEDataLayout("text", length: SBEWireInteger(0, 2), dataOffset: 2, since: 0, 0, 65534, .utf8) }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            "name"
        }

        /// Makes the optional fields null.
        @_alwaysEmitIntoClient public static func _setNulls(_ block: borrowing SBENulls) {
            block._store64(9223372036854775808, 5)
        }
    }
}

extension SBEView where Block == DeprecatedVectors.Price {
    /// `mantissa` at byte 0, optional.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? { _loadOptional(0, null: -9223372036854775808) }
    /// `exponent`, a constant.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var exponent: Int8 { -3 }
}

extension SBEEncoder where Block == DeprecatedVectors.Price {
    /// `mantissa` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? {
        get { _loadOptional(0, null: -9223372036854775808) }
        nonmutating set { _storeOptional(newValue, 0, null: -9223372036854775808) }
    }
}

extension DeprecatedVectors.Price {
    /// A copy of `Price` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Price
        /// The field mantissa.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var mantissa: Int64? = nil

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.optional(&self.mantissa, "mantissa", 0, null: -9223372036854775808)
            visitor.constant(Int8(-3), "exponent")
        }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEView where Block == DeprecatedVectors.OldPrice {
    /// `mantissa` at byte 0, optional.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? { _loadOptional(0, null: -9223372036854775808) }
    /// `side` at byte 8.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide { _load(8) }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEEncoder where Block == DeprecatedVectors.OldPrice {
    /// `mantissa` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var mantissa: Int64? {
        get { _loadOptional(0, null: -9223372036854775808) }
        nonmutating set { _storeOptional(newValue, 0, null: -9223372036854775808) }
    }
    /// `side` at byte 8.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide {
        get { _load(8) }
        nonmutating set { _store(newValue, 8) }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension DeprecatedVectors.OldPrice {
    /// A copy of `OldPrice` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.OldPrice
        /// The field mantissa.
        public var mantissa: Int64? = nil
        /// The field side.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var side: DeprecatedVectors.OldSide = .null

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.optional(&self.mantissa, "mantissa", 0, null: -9223372036854775808)
            visitor.enumeration(&self.side, "side", 8, null: .null, isOptional: false)
        }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEView where Block == DeprecatedVectors.PairInner {
    /// `value` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Float { _load(0) }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEEncoder where Block == DeprecatedVectors.PairInner {
    /// `value` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var value: Float {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension DeprecatedVectors.PairInner {
    /// A copy of `Inner` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.PairInner
        /// The field value.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var value: Float = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.value, "value", 0)
        }
    }
}

extension SBEView where Block == DeprecatedVectors.Pair {
    /// `Kind` at byte 17.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var kind: DeprecatedVectors.PairKind { _load(17) }
    /// `Bits` at byte 18.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var bits: DeprecatedVectors.PairBits { _load(18) }
}

extension SBEEncoder where Block == DeprecatedVectors.Pair {
    /// `Kind` at byte 17.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var kind: DeprecatedVectors.PairKind {
        get { _load(17) }
        nonmutating set { _store(newValue, 17) }
    }
    /// `Bits` at byte 18.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var bits: DeprecatedVectors.PairBits {
        get { _load(18) }
        nonmutating set { _store(newValue, 18) }
    }
}

extension DeprecatedVectors.Pair {
    /// A copy of `Pair` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Pair
        /// The field old.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var old: DeprecatedVectors.OldPrice.Value = DeprecatedVectors.OldPrice.Value()
        /// The field new.
        public var new: DeprecatedVectors.Price.Value? = nil
        /// The field Kind.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var kind: DeprecatedVectors.PairKind = .null
        /// The field Bits.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var bits: DeprecatedVectors.PairBits = []
        /// The field Inner.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var inner: DeprecatedVectors.PairInner.Value = DeprecatedVectors.PairInner.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.old, "old", 0)
            visitor.later(&self.new, "new", 9, since: 2)
            visitor.enumeration(&self.kind, "Kind", 17, null: .null, isOptional: false)
            visitor.choices(&self.bits, "Bits", 18)
            visitor.composite(&self.inner, "Inner", 19)
        }
    }
}

extension SBEView where Block == DeprecatedVectors.Current {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 { _load(0) }
    /// `side` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.Side { _load(4) }
    /// `maybeSide` at byte 5.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var maybeSide: DeprecatedVectors.Side { _load(5) }
    /// `letter` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var letter: DeprecatedVectors.Letter { _load(6) }
    /// `constantSide`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var constantSide: DeprecatedVectors.Side { DeprecatedVectors.Side(sbeBits: 1) }
    /// `rawSide`, a constant.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var rawSide: UInt8 { 1 }
    /// `flags` at byte 7.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var flags: DeprecatedVectors.Flags { _load(7) }
    /// `oldSide` at byte 39.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldSide: DeprecatedVectors.OldSide { _load(39) }
    /// `oldFlags` at byte 40.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldFlags: DeprecatedVectors.OldFlags { _load(40) }
    /// `oldNumber` at byte 51.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldNumber: UInt32 { _load(51) }
    /// `oldMaybe` at byte 55, optional.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldMaybe: Int32? { _loadOptional(55, null: -2147483648) }
    /// `oldConstant`, a constant.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldConstant: UInt8 { 4 }
    /// `oldGreeting`, a constant.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldGreeting: String { "hello" }
    /// `oldReference`, a constant.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldReference: UInt8 { 1 }
    /// `laterSide` at byte 73; nil before version 1.
    @available(*, deprecated, message: "deprecated since version 3 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterSide: DeprecatedVectors.Side? { _loadLater(73, since: 1) }
    /// `laterOldSide` at byte 74; nil before version 1.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterOldSide: DeprecatedVectors.OldSide? { _loadLater(74, since: 1) }
    /// `laterFlags` at byte 75; nil before version 1.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterFlags: DeprecatedVectors.OldFlags? { _loadLater(75, since: 1) }
    /// `laterNumber` at byte 86; nil before version 1.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterNumber: UInt32? { _loadLater(86, since: 1) }
    /// `laterMaybe` at byte 90, optional; nil before version 1.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterMaybe: Int32? { _loadLaterOptional(90, null: -2147483648, since: 1) }
}

extension SBEEncoder where Block == DeprecatedVectors.Current {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `side` at byte 4.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.Side {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
    /// `maybeSide` at byte 5.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var maybeSide: DeprecatedVectors.Side {
        get { _load(5) }
        nonmutating set { _store(newValue, 5) }
    }
    /// `letter` at byte 6.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var letter: DeprecatedVectors.Letter {
        get { _load(6) }
        nonmutating set { _store(newValue, 6) }
    }
    /// `flags` at byte 7.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var flags: DeprecatedVectors.Flags {
        get { _load(7) }
        nonmutating set { _store(newValue, 7) }
    }
    /// `oldSide` at byte 39.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldSide: DeprecatedVectors.OldSide {
        get { _load(39) }
        nonmutating set { _store(newValue, 39) }
    }
    /// `oldFlags` at byte 40.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldFlags: DeprecatedVectors.OldFlags {
        get { _load(40) }
        nonmutating set { _store(newValue, 40) }
    }
    /// `oldNumber` at byte 51.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldNumber: UInt32 {
        get { _load(51) }
        nonmutating set { _store(newValue, 51) }
    }
    /// `oldMaybe` at byte 55.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var oldMaybe: Int32? {
        get { _loadOptional(55, null: -2147483648) }
        nonmutating set { _storeOptional(newValue, 55, null: -2147483648) }
    }
    /// `laterSide` at byte 73.
    @available(*, deprecated, message: "deprecated since version 3 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterSide: DeprecatedVectors.Side {
        get { _load(73) }
        nonmutating set { _store(newValue, 73) }
    }
    /// `laterOldSide` at byte 74.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterOldSide: DeprecatedVectors.OldSide {
        get { _load(74) }
        nonmutating set { _store(newValue, 74) }
    }
    /// `laterFlags` at byte 75.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterFlags: DeprecatedVectors.OldFlags {
        get { _load(75) }
        nonmutating set { _store(newValue, 75) }
    }
    /// `laterNumber` at byte 86.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterNumber: UInt32 {
        get { _load(86) }
        nonmutating set { _store(newValue, 86) }
    }
    /// `laterMaybe` at byte 90.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var laterMaybe: Int32? {
        get { _loadOptional(90, null: -2147483648) }
        nonmutating set { _storeOptional(newValue, 90, null: -2147483648) }
    }
}

extension SBEPartName where Part == DeprecatedVectors.Current.OldGroup {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var oldGroup: Self { Self() }
}

extension SBEPartName where Part == DeprecatedVectors.Current.NewGroup {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var newGroup: Self { Self() }
}

extension SBEPartName where Part == DeprecatedVectors.Current.OldDataData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var oldData: Self { Self() }
}

extension SBEPartName where Part == DeprecatedVectors.Current.NewDataData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var newData: Self { Self() }
}

extension SBEView where Block == DeprecatedVectors.Current.OldGroup {
    /// `side` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide { _load(0) }
}

extension SBEEncoder where Block == DeprecatedVectors.Current.OldGroup {
    /// `side` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension SBEPartName where Part == DeprecatedVectors.Current.OldGroup.Inner {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var inner: Self { Self() }
}

extension SBEPartName where Part == DeprecatedVectors.Current.OldGroup.Inner.NoteData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var note: Self { Self() }
}

extension SBEView where Block == DeprecatedVectors.Current.NewGroup {
    /// `number` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 { _load(0) }
}

extension SBEEncoder where Block == DeprecatedVectors.Current.NewGroup {
    /// `number` at byte 0.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
}

extension DeprecatedVectors.Current {
    /// A copy of `Current` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Current
        /// The field number.
        public var number: UInt32 = 0
        /// The field side.
        public var side: DeprecatedVectors.Side = .null
        /// The field maybeSide.
        public var maybeSide: DeprecatedVectors.Side = .null
        /// The field letter.
        public var letter: DeprecatedVectors.Letter = .null
        /// The field flags.
        public var flags: DeprecatedVectors.Flags = []
        /// The field price.
        public var price: DeprecatedVectors.Price.Value = DeprecatedVectors.Price.Value()
        /// The field pair.
        public var pair: DeprecatedVectors.Pair.Value = DeprecatedVectors.Pair.Value()
        /// The field oldSide.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldSide: DeprecatedVectors.OldSide = .null
        /// The field oldFlags.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldFlags: DeprecatedVectors.OldFlags = []
        /// The field oldPrice.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldPrice: DeprecatedVectors.OldPrice.Value = DeprecatedVectors.OldPrice.Value()
        /// The field oldNumber.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldNumber: UInt32 = 0
        /// The field oldMaybe.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldMaybe: Int32? = nil
        /// The field oldName.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldName: SBEOctets = SBEOctets()
        /// The field oldList.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldList: [UInt16] = [UInt16](repeating: 0, count: 3)
        /// The field laterSide.
        @available(*, deprecated, message: "deprecated since version 3 of the schema")
        public var laterSide: DeprecatedVectors.Side? = nil
        /// The field laterOldSide.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterOldSide: DeprecatedVectors.OldSide? = nil
        /// The field laterFlags.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterFlags: DeprecatedVectors.OldFlags? = nil
        /// The field laterPrice.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterPrice: DeprecatedVectors.OldPrice.Value? = nil
        /// The field laterNumber.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterNumber: UInt32? = nil
        /// The field laterMaybe.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterMaybe: Int32? = nil
        /// The field laterName.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterName: SBEOctets? = nil
        /// The field laterList.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var laterList: [UInt16]? = nil
        /// The group oldGroup.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldGroup: [DeprecatedVectors.Current.OldGroup.Value] = []
        /// The group newGroup.
        public var newGroup: [DeprecatedVectors.Current.NewGroup.Value] = []
        /// The data oldData.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var oldData = SBEOctets()
        /// The data newData.
        public var newData = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.number, "number", 0)
            visitor.enumeration(&self.side, "side", 4, null: .null, isOptional: false)
            visitor.enumeration(&self.maybeSide, "maybeSide", 5, null: .null, isOptional: true)
            visitor.enumeration(&self.letter, "letter", 6, null: .null, isOptional: false)
            visitor.constant(DeprecatedVectors.Side(sbeBits: 1), "constantSide")
            visitor.constant(UInt8(1), "rawSide")
            visitor.choices(&self.flags, "flags", 7)
            visitor.composite(&self.price, "price", 8, isNull: self.price.mantissa == nil)
            visitor.composite(&self.pair, "pair", 16)
            visitor.enumeration(&self.oldSide, "oldSide", 39, null: .null, isOptional: false)
            visitor.choices(&self.oldFlags, "oldFlags", 40)
            visitor.composite(&self.oldPrice, "oldPrice", 42, isNull: self.oldPrice.mantissa == nil)
            visitor.number(&self.oldNumber, "oldNumber", 51)
            visitor.optional(&self.oldMaybe, "oldMaybe", 55, null: -2147483648)
            visitor.text(&self.oldName, "oldName", 59, 8, .utf8, isASCII: true)
            visitor.array(&self.oldList, "oldList", 67, 3)
            visitor.constant(UInt8(4), "oldConstant")
            visitor.constant([104, 101, 108, 108, 111], "oldGreeting", .utf8)
            visitor.constant(UInt8(1), "oldReference")
            visitor.later(&self.laterSide, "laterSide", 73, since: 1, null: .null, isOptional: false)
            visitor.later(&self.laterOldSide, "laterOldSide", 74, since: 1, null: .null, isOptional: false)
            visitor.later(&self.laterFlags, "laterFlags", 75, since: 1)
            visitor.later(&self.laterPrice, "laterPrice", 77, since: 1, isNull: self.laterPrice.map { $0.mantissa == nil } ?? false)
            visitor.later(&self.laterNumber, "laterNumber", 86, since: 1)
            visitor.optional(&self.laterMaybe, "laterMaybe", 90, null: -2147483648, since: 1)
            visitor.later(&self.laterName, "laterName", 94, 8, since: 1, .utf8, isASCII: true)
            visitor.later(&self.laterList, "laterList", 102, 3, since: 1)
            visitor.group(&self.oldGroup)
            visitor.group(&self.newGroup)
            visitor.data(&self.oldData, DeprecatedVectors.Current.OldDataData.self, .utf8, isASCII: false)
            visitor.data(&self.newData, DeprecatedVectors.Current.NewDataData.self, .utf8, isASCII: false)
        }
    }
}

extension DeprecatedVectors.Current.OldGroup {
    /// A copy of `oldGroup` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Current.OldGroup
        /// The field side.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var side: DeprecatedVectors.OldSide = .null
        /// The group inner.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var inner: [DeprecatedVectors.Current.OldGroup.Inner.Value] = []

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.enumeration(&self.side, "side", 0, null: .null, isOptional: false)
            visitor.group(&self.inner)
        }
    }
}

extension DeprecatedVectors.Current.OldGroup.Inner {
    /// A copy of `inner` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Current.OldGroup.Inner
        /// The field price.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var price: DeprecatedVectors.OldPrice.Value = DeprecatedVectors.OldPrice.Value()
        /// The data note.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var note = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.price, "price", 0)
            visitor.data(&self.note, DeprecatedVectors.Current.OldGroup.Inner.NoteData.self, .utf8, isASCII: false)
        }
    }
}

extension DeprecatedVectors.Current.NewGroup {
    /// A copy of `newGroup` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Current.NewGroup
        /// The field number.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var number: UInt32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.number, "number", 0)
        }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEView where Block == DeprecatedVectors.Old {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 { _load(0) }
    /// `side` at byte 4.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide { _load(4) }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEEncoder where Block == DeprecatedVectors.Old {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32 {
        get { _load(0) }
        nonmutating set { _store(newValue, 0) }
    }
    /// `side` at byte 4.
    @available(*, deprecated, message: "deprecated since version 2 of the schema")
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var side: DeprecatedVectors.OldSide {
        get { _load(4) }
        nonmutating set { _store(newValue, 4) }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEPartName where Part == DeprecatedVectors.Old.Entries {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var entries: Self { Self() }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEPartName where Part == DeprecatedVectors.Old.TextData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var text: Self { Self() }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEView where Block == DeprecatedVectors.Old.Entries {
    /// `number` at byte 0, optional.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32? { _loadOptional(0, null: 4294967295) }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEEncoder where Block == DeprecatedVectors.Old.Entries {
    /// `number` at byte 0.
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var number: UInt32? {
        get { _loadOptional(0, null: 4294967295) }
        nonmutating set { _storeOptional(newValue, 0, null: 4294967295) }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEPartName where Part == DeprecatedVectors.Old.Entries.Inner {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var inner: Self { Self() }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension SBEPartName where Part == DeprecatedVectors.Old.Entries.NoteData {
    /// The name of what comes next.
    @_alwaysEmitIntoClient public static var note: Self { Self() }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension DeprecatedVectors.Old {
    /// A copy of `Old` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Old
        /// The field number.
        public var number: UInt32 = 0
        /// The field side.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var side: DeprecatedVectors.OldSide = .null
        /// The field price.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var price: DeprecatedVectors.OldPrice.Value = DeprecatedVectors.OldPrice.Value()
        /// The field name.
        public var name: SBEOctets = SBEOctets()
        /// The group entries.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var entries: [DeprecatedVectors.Old.Entries.Value] = []
        /// The data text.
        @available(*, deprecated, message: "deprecated since version 2 of the schema")
        public var text = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.number(&self.number, "number", 0)
            visitor.enumeration(&self.side, "side", 4, null: .null, isOptional: false)
            visitor.composite(&self.price, "price", 5)
            visitor.text(&self.name, "name", 14, 8, .utf8, isASCII: true)
            visitor.group(&self.entries)
            visitor.data(&self.text, DeprecatedVectors.Old.TextData.self, .utf8, isASCII: false)
        }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension DeprecatedVectors.Old.Entries {
    /// A copy of `entries` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Old.Entries
        /// The field number.
        public var number: UInt32? = nil
        /// The group inner.
        public var inner: [DeprecatedVectors.Old.Entries.Inner.Value] = []
        /// The data note.
        public var note = SBEOctets()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.optional(&self.number, "number", 0, null: 4294967295)
            visitor.group(&self.inner)
            visitor.data(&self.note, DeprecatedVectors.Old.Entries.NoteData.self, .utf8, isASCII: false)
        }
    }
}

@available(*, deprecated, message: "deprecated since version 2 of the schema")
extension DeprecatedVectors.Old.Entries.Inner {
    /// A copy of `inner` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = DeprecatedVectors.Old.Entries.Inner
        /// The field pair.
        public var pair: DeprecatedVectors.Pair.Value = DeprecatedVectors.Pair.Value()

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        @available(*, deprecated, message: "for the library")
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.composite(&self.pair, "pair", 0)
        }
    }
}
