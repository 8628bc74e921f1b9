// Generated from arrays.sbe.xml by zcsbe. Changes belong into the schema.
// swift-format-ignore-file

public import ZCSBE

/// Support for fixed sized primitive array
public enum ArraysVectors {
    /// Support for fixed sized primitive array
    public enum Schema: SBESchema {
        /// The schema's id.
        @_alwaysEmitIntoClient public static var id: Int { 1989 }
        /// The schema's version.
        @_alwaysEmitIntoClient public static var version: Int { 1 }
        /// The layout of the message header.
        @_alwaysEmitIntoClient public static var header: SBEHeaderLayout { SBEHeaderLayout(size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2), schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2)) }
    }

    /// The message demo, template 1.
    public enum Demo: SBEMessage {
        /// The schema.
        public typealias Schema = ArraysVectors.Schema
        /// The first group or data.
        public typealias FirstPart = SBEEnd
        /// The name in the schema.
        @_alwaysEmitIntoClient public static var name: StaticString { "demo" }
        /// The message's id.
        @_alwaysEmitIntoClient public static var templateID: Int { 1 }
        /// Bytes of the fields.
        @_alwaysEmitIntoClient public static var blockLength: Int { 652 }

        /// What a view of this type offers beside plain values. There are no values of it.
        public struct Members {
            /// The field fixed16Char.
            @_alwaysEmitIntoClient public var fixed16Char: SBEMember<ArraysVectors.Demo.Fixed16CharField> { .init() }
            /// The field fixed16AsciiChar.
            @_alwaysEmitIntoClient public var fixed16AsciiChar: SBEMember<ArraysVectors.Demo.Fixed16AsciiCharField> { .init() }
            /// The field fixed16Gb18030Char.
            @_alwaysEmitIntoClient public var fixed16Gb18030Char: SBEMember<ArraysVectors.Demo.Fixed16Gb18030CharField> { .init() }
            /// The field fixed16Utf8Char.
            @_alwaysEmitIntoClient public var fixed16Utf8Char: SBEMember<ArraysVectors.Demo.Fixed16Utf8CharField> { .init() }
            /// The field fixed16U8.
            @_alwaysEmitIntoClient public var fixed16U8: SBEMember<ArraysVectors.Demo.Fixed16U8Field> { .init() }
            /// The field fixed16AsciiU8.
            @_alwaysEmitIntoClient public var fixed16AsciiU8: SBEMember<ArraysVectors.Demo.Fixed16AsciiU8Field> { .init() }
            /// The field fixed16Gb18030U8.
            @_alwaysEmitIntoClient public var fixed16Gb18030U8: SBEMember<ArraysVectors.Demo.Fixed16Gb18030U8Field> { .init() }
            /// The field fixed16Utf8U8.
            @_alwaysEmitIntoClient public var fixed16Utf8U8: SBEMember<ArraysVectors.Demo.Fixed16Utf8U8Field> { .init() }
            /// The field fixed16i8.
            @_alwaysEmitIntoClient public var fixed16i8: SBEMember<ArraysVectors.Demo.Fixed16i8Field> { .init() }
            /// The field fixed16i16.
            @_alwaysEmitIntoClient public var fixed16i16: SBEMember<ArraysVectors.Demo.Fixed16i16Field> { .init() }
            /// The field fixed16i32.
            @_alwaysEmitIntoClient public var fixed16i32: SBEMember<ArraysVectors.Demo.Fixed16i32Field> { .init() }
            /// The field fixed16i64.
            @_alwaysEmitIntoClient public var fixed16i64: SBEMember<ArraysVectors.Demo.Fixed16i64Field> { .init() }
            /// The field fixed16u16.
            @_alwaysEmitIntoClient public var fixed16u16: SBEMember<ArraysVectors.Demo.Fixed16u16Field> { .init() }
            /// The field fixed16u32.
            @_alwaysEmitIntoClient public var fixed16u32: SBEMember<ArraysVectors.Demo.Fixed16u32Field> { .init() }
            /// The field fixed16u64.
            @_alwaysEmitIntoClient public var fixed16u64: SBEMember<ArraysVectors.Demo.Fixed16u64Field> { .init() }
        }

        /// Where the field fixed16Char is.
        public typealias Fixed16CharField = SBETextPlace<ArraysVectors.Demo, 0, 16, 0, SBEUTF8Text>

        /// Where the field fixed16AsciiChar is.
        public typealias Fixed16AsciiCharField = SBETextPlace<ArraysVectors.Demo, 20, 16, 0, SBEUTF8Text>

        /// Where the field fixed16Gb18030Char is.
        public typealias Fixed16Gb18030CharField = SBETextPlace<ArraysVectors.Demo, 40, 16, 0, SBEOtherText>

        /// Where the field fixed16Utf8Char is.
        public typealias Fixed16Utf8CharField = SBETextPlace<ArraysVectors.Demo, 60, 16, 0, SBEUTF8Text>

        /// Where the field fixed16U8 is.
        public enum Fixed16U8Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt8
            /// All of it.
            public typealias Values = InlineArray<16, UInt8>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 80 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt8) -> Values { Values(element) }
        }

        /// Where the field fixed16AsciiU8 is.
        public enum Fixed16AsciiU8Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt8
            /// All of it.
            public typealias Values = InlineArray<16, UInt8>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 100 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt8) -> Values { Values(element) }
        }

        /// Where the field fixed16Gb18030U8 is.
        public enum Fixed16Gb18030U8Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt8
            /// All of it.
            public typealias Values = InlineArray<16, UInt8>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 120 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt8) -> Values { Values(element) }
        }

        /// Where the field fixed16Utf8U8 is.
        public enum Fixed16Utf8U8Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt8
            /// All of it.
            public typealias Values = InlineArray<16, UInt8>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 140 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt8) -> Values { Values(element) }
        }

        /// Where the field fixed16i8 is.
        public enum Fixed16i8Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = Int8
            /// All of it.
            public typealias Values = InlineArray<16, Int8>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 160 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> Int8 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> Int8) -> Values { Values(element) }
        }

        /// Where the field fixed16i16 is.
        public enum Fixed16i16Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = Int16
            /// All of it.
            public typealias Values = InlineArray<16, Int16>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 180 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> Int16 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> Int16) -> Values { Values(element) }
        }

        /// Where the field fixed16i32 is.
        public enum Fixed16i32Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = Int32
            /// All of it.
            public typealias Values = InlineArray<16, Int32>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 216 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> Int32 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> Int32) -> Values { Values(element) }
        }

        /// Where the field fixed16i64 is.
        public enum Fixed16i64Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = Int64
            /// All of it.
            public typealias Values = InlineArray<16, Int64>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 284 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> Int64 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> Int64) -> Values { Values(element) }
        }

        /// Where the field fixed16u16 is.
        public enum Fixed16u16Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt16
            /// All of it.
            public typealias Values = InlineArray<16, UInt16>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 416 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt16 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt16) -> Values { Values(element) }
        }

        /// Where the field fixed16u32 is.
        public enum Fixed16u32Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt32
            /// All of it.
            public typealias Values = InlineArray<16, UInt32>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 452 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt32 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt32) -> Values { Values(element) }
        }

        /// Where the field fixed16u64 is.
        public enum Fixed16u64Field: SBEArrayField {
            /// A number of the array.
            public typealias Element = UInt64
            /// All of it.
            public typealias Values = InlineArray<16, UInt64>
            /// The schema.
            public typealias Schema = ArraysVectors.Schema
            /// Bytes from the block's start.
            @_alwaysEmitIntoClient public static var offset: Int { 520 }
            /// How many there are.
            @_alwaysEmitIntoClient public static var count: Int { 16 }
            /// An element of a value.
            @_alwaysEmitIntoClient public static func _element(_ index: Int, of values: Values) -> UInt64 { values[index] }
            /// A value of elements.
            @_alwaysEmitIntoClient public static func _make(_ element: (Int) -> UInt64) -> Values { Values(element) }
        }

        /// The name of the text at an offset.
        @_alwaysEmitIntoClient public static func _textName(at offset: Int) -> StaticString {
            switch offset {
            case 0: "fixed16Char"
            case 20: "fixed16AsciiChar"
            case 40: "fixed16Gb18030Char"
            default: "fixed16Utf8Char"
            }
        }
    }
}

extension SBEView where Block == ArraysVectors.Demo {
    /// End boundary of fixed16Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16CharEnd: Int32 { _load(16) }
    /// End boundary of fixed16AsciiChar
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16AsciiCharEnd: Int32 { _load(36) }
    /// End boundary of fixed16Gb18030Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Gb18030CharEnd: Int32 { _load(56) }
    /// End boundary of fixed16Utf8Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Utf8CharEnd: Int32 { _load(76) }
    /// End boundary of fixed16U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16U8End: Int32 { _load(96) }
    /// End boundary of fixed16AsciiU8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16AsciiU8End: Int32 { _load(116) }
    /// End boundary of fixed16Gb18030U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Gb18030U8End: Int32 { _load(136) }
    /// End boundary of fixed16Utf8U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Utf8U8End: Int32 { _load(156) }
    /// End boundary of fixed16i8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i8End: Int32 { _load(176) }
    /// End boundary of fixed16i16
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i16End: Int32 { _load(212) }
    /// End boundary of fixed16i32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i32End: Int32 { _load(280) }
    /// End boundary of fixed16i64
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i64End: Int32 { _load(412) }
    /// End boundary of fixed16u16
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u16End: Int32 { _load(448) }
    /// End boundary of fixed16u32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u32End: Int32 { _load(516) }
    /// End boundary of fixed16u64
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u64End: Int32 { _load(648) }
}

extension SBEEncoder where Block == ArraysVectors.Demo {
    /// End boundary of fixed16Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16CharEnd: Int32 {
        get { _load(16) }
        nonmutating set { _store(newValue, 16) }
    }
    /// End boundary of fixed16AsciiChar
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16AsciiCharEnd: Int32 {
        get { _load(36) }
        nonmutating set { _store(newValue, 36) }
    }
    /// End boundary of fixed16Gb18030Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Gb18030CharEnd: Int32 {
        get { _load(56) }
        nonmutating set { _store(newValue, 56) }
    }
    /// End boundary of fixed16Utf8Char
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Utf8CharEnd: Int32 {
        get { _load(76) }
        nonmutating set { _store(newValue, 76) }
    }
    /// End boundary of fixed16U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16U8End: Int32 {
        get { _load(96) }
        nonmutating set { _store(newValue, 96) }
    }
    /// End boundary of fixed16AsciiU8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16AsciiU8End: Int32 {
        get { _load(116) }
        nonmutating set { _store(newValue, 116) }
    }
    /// End boundary of fixed16Gb18030U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Gb18030U8End: Int32 {
        get { _load(136) }
        nonmutating set { _store(newValue, 136) }
    }
    /// End boundary of fixed16Utf8U8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16Utf8U8End: Int32 {
        get { _load(156) }
        nonmutating set { _store(newValue, 156) }
    }
    /// End boundary of fixed16i8
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i8End: Int32 {
        get { _load(176) }
        nonmutating set { _store(newValue, 176) }
    }
    /// End boundary of fixed16i16
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i16End: Int32 {
        get { _load(212) }
        nonmutating set { _store(newValue, 212) }
    }
    /// End boundary of fixed16i32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i32End: Int32 {
        get { _load(280) }
        nonmutating set { _store(newValue, 280) }
    }
    /// End boundary of fixed16i64
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16i64End: Int32 {
        get { _load(412) }
        nonmutating set { _store(newValue, 412) }
    }
    /// End boundary of fixed16u16
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u16End: Int32 {
        get { _load(448) }
        nonmutating set { _store(newValue, 448) }
    }
    /// End boundary of fixed16u32
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u32End: Int32 {
        get { _load(516) }
        nonmutating set { _store(newValue, 516) }
    }
    /// End boundary of fixed16u64
    @_transparent @_optimize(none) @_alwaysEmitIntoClient public var fixed16u64End: Int32 {
        get { _load(648) }
        nonmutating set { _store(newValue, 648) }
    }
}

extension ArraysVectors.Demo {
    /// A copy of `demo` that may be kept.
    public struct Value: SBEValue {
        /// What the value is a copy of.
        public typealias Block = ArraysVectors.Demo
        /// The field fixed16Char.
        public var fixed16Char: SBEOctets = SBEOctets()
        /// End boundary of fixed16Char
        public var fixed16CharEnd: Int32 = 0
        /// The field fixed16AsciiChar.
        public var fixed16AsciiChar: SBEOctets = SBEOctets()
        /// End boundary of fixed16AsciiChar
        public var fixed16AsciiCharEnd: Int32 = 0
        /// The field fixed16Gb18030Char.
        public var fixed16Gb18030Char: SBEOctets = SBEOctets()
        /// End boundary of fixed16Gb18030Char
        public var fixed16Gb18030CharEnd: Int32 = 0
        /// The field fixed16Utf8Char.
        public var fixed16Utf8Char: SBEOctets = SBEOctets()
        /// End boundary of fixed16Utf8Char
        public var fixed16Utf8CharEnd: Int32 = 0
        /// The field fixed16U8.
        public var fixed16U8: [UInt8] = [UInt8](repeating: 0, count: 16)
        /// End boundary of fixed16U8
        public var fixed16U8End: Int32 = 0
        /// The field fixed16AsciiU8.
        public var fixed16AsciiU8: [UInt8] = [UInt8](repeating: 0, count: 16)
        /// End boundary of fixed16AsciiU8
        public var fixed16AsciiU8End: Int32 = 0
        /// The field fixed16Gb18030U8.
        public var fixed16Gb18030U8: [UInt8] = [UInt8](repeating: 0, count: 16)
        /// End boundary of fixed16Gb18030U8
        public var fixed16Gb18030U8End: Int32 = 0
        /// The field fixed16Utf8U8.
        public var fixed16Utf8U8: [UInt8] = [UInt8](repeating: 0, count: 16)
        /// End boundary of fixed16Utf8U8
        public var fixed16Utf8U8End: Int32 = 0
        /// The field fixed16i8.
        public var fixed16i8: [Int8] = [Int8](repeating: 0, count: 16)
        /// End boundary of fixed16i8
        public var fixed16i8End: Int32 = 0
        /// The field fixed16i16.
        public var fixed16i16: [Int16] = [Int16](repeating: 0, count: 16)
        /// End boundary of fixed16i16
        public var fixed16i16End: Int32 = 0
        /// The field fixed16i32.
        public var fixed16i32: [Int32] = [Int32](repeating: 0, count: 16)
        /// End boundary of fixed16i32
        public var fixed16i32End: Int32 = 0
        /// The field fixed16i64.
        public var fixed16i64: [Int64] = [Int64](repeating: 0, count: 16)
        /// End boundary of fixed16i64
        public var fixed16i64End: Int32 = 0
        /// The field fixed16u16.
        public var fixed16u16: [UInt16] = [UInt16](repeating: 0, count: 16)
        /// End boundary of fixed16u16
        public var fixed16u16End: Int32 = 0
        /// The field fixed16u32.
        public var fixed16u32: [UInt32] = [UInt32](repeating: 0, count: 16)
        /// End boundary of fixed16u32
        public var fixed16u32End: Int32 = 0
        /// The field fixed16u64.
        public var fixed16u64: [UInt64] = [UInt64](repeating: 0, count: 16)
        /// End boundary of fixed16u64
        public var fixed16u64End: Int32 = 0

        /// Zeros, nulls, and no entries.
        public init() {}

        /// Hands each field, group and data to the visitor.
        public mutating func _visit(_ visitor: inout SBEVisitor) {
            visitor.text(&self.fixed16Char, "fixed16Char", 0, 16, .utf8, isASCII: true)
            visitor.number(&self.fixed16CharEnd, "fixed16CharEnd", 16)
            visitor.text(&self.fixed16AsciiChar, "fixed16AsciiChar", 20, 16, .utf8, isASCII: true)
            visitor.number(&self.fixed16AsciiCharEnd, "fixed16AsciiCharEnd", 36)
            visitor.text(&self.fixed16Gb18030Char, "fixed16Gb18030Char", 40, 16, .other, isASCII: false)
            visitor.number(&self.fixed16Gb18030CharEnd, "fixed16Gb18030CharEnd", 56)
            visitor.text(&self.fixed16Utf8Char, "fixed16Utf8Char", 60, 16, .utf8, isASCII: false)
            visitor.number(&self.fixed16Utf8CharEnd, "fixed16Utf8CharEnd", 76)
            visitor.array(&self.fixed16U8, "fixed16U8", 80, 16)
            visitor.number(&self.fixed16U8End, "fixed16U8End", 96)
            visitor.array(&self.fixed16AsciiU8, "fixed16AsciiU8", 100, 16)
            visitor.number(&self.fixed16AsciiU8End, "fixed16AsciiU8End", 116)
            visitor.array(&self.fixed16Gb18030U8, "fixed16Gb18030U8", 120, 16)
            visitor.number(&self.fixed16Gb18030U8End, "fixed16Gb18030U8End", 136)
            visitor.array(&self.fixed16Utf8U8, "fixed16Utf8U8", 140, 16)
            visitor.number(&self.fixed16Utf8U8End, "fixed16Utf8U8End", 156)
            visitor.array(&self.fixed16i8, "fixed16i8", 160, 16)
            visitor.number(&self.fixed16i8End, "fixed16i8End", 176)
            visitor.array(&self.fixed16i16, "fixed16i16", 180, 16)
            visitor.number(&self.fixed16i16End, "fixed16i16End", 212)
            visitor.array(&self.fixed16i32, "fixed16i32", 216, 16)
            visitor.number(&self.fixed16i32End, "fixed16i32End", 280)
            visitor.array(&self.fixed16i64, "fixed16i64", 284, 16)
            visitor.number(&self.fixed16i64End, "fixed16i64End", 412)
            visitor.array(&self.fixed16u16, "fixed16u16", 416, 16)
            visitor.number(&self.fixed16u16End, "fixed16u16End", 448)
            visitor.array(&self.fixed16u32, "fixed16u32", 452, 16)
            visitor.number(&self.fixed16u32End, "fixed16u32End", 516)
            visitor.array(&self.fixed16u64, "fixed16u64", 520, 16)
            visitor.number(&self.fixed16u64End, "fixed16u64End", 648)
        }
    }
}
