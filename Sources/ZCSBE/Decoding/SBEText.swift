public import ZCBytes

/// Bytes of a message that are mostly text: an array of characters, or data of variable length.
///
/// ```swift
/// if car.manufacturer == "Honda" { … }     // compares bytes, allocates nothing
/// let name = car.manufacturer.text         // a copy that may be kept
/// ```
/// **Ownership.** Borrows the bytes of the message.
@frozen
public struct SBEText: ~Escapable {
    /// All bytes of the field; of an array of characters also those behind the text.
    public let bytes: RawSpan
    /// How they are to be read.
    public let encoding: SBECharacterEncoding
    // Whether the text ends at the first NUL.
    @usableFromInline let isPadded: Bool

    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    init(_ bytes: RawSpan, _ encoding: SBECharacterEncoding) {
        self.bytes = bytes
        self.encoding = encoding
        isPadded = false
    }

    /// An array of characters: the text ends at the first NUL.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    init(padded bytes: RawSpan, _ encoding: SBECharacterEncoding) {
        self.bytes = bytes
        self.encoding = encoding
        isPadded = true
    }

    /// How many of the bytes are the text. O(1) of data, O(count) of an array of characters.
    @inlinable
    public var count: Int {
        let size = bytes.byteCount
        guard isPadded else { return size }
        var count = 0
        // SAFETY: below the span's count.
        while count < size, unsafe bytes.unsafeLoad(fromUncheckedByteOffset: count, as: UInt8.self) != 0 {
            count &+= 1
        }
        return count
    }

    /// Whether there is no text.
    @inlinable
    public var isEmpty: Bool {
        guard bytes.byteCount > 0 else { return true }
        // SAFETY: there is a byte.
        return unsafe isPadded && bytes.unsafeLoad(fromUncheckedByteOffset: 0, as: UInt8.self) == 0
    }

    /// The bytes of the text.
    @inlinable
    public var characters: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(first: count) }
    }

    /// The text, copied. What is none by its encoding is repaired.
    public var text: String {
        let source = characters
        return unsafe source.withUnsafeBytes { buffer in
            switch encoding {
            case .utf8, .other: unsafe String(decoding: buffer, as: UTF8.self)
            case .latin1:
                unsafe String(String.UnicodeScalarView(buffer.lazy.map { Unicode.Scalar($0) }))
            }
        }
    }

    /// Whether the text is a literal, in the encoding of the schema.
    @inlinable @inline(__always)
    public static func == (text: borrowing SBEText, literal: StaticString) -> Bool {
        guard literal.hasPointerRepresentation, text.encoding != .latin1 || literal.isASCII else {
            return text == literal.description
        }
        let count = text.count
        guard literal.utf8CodeUnitCount == count else { return false }
        return unsafe text.bytes.withUnsafeBytes { buffer in
            for index in 0..<count where unsafe buffer[index] != literal.utf8Start[index] { return false }
            return true
        }
    }

    /// Whether the text is a string, in the encoding of the schema.
    @_disfavoredOverload
    @inlinable @inline(__always)
    public static func == (text: borrowing SBEText, string: String) -> Bool {
        if text.encoding == .latin1 { return text.hasScalars(of: string) }
        let other = string.utf8
        guard other.count == text.count else { return false }
        let bytes = text.bytes
        return unsafe bytes.withUnsafeBytes { buffer in
            var index = 0
            for byte in other {
                if unsafe buffer[index] != byte { return false }
                index += 1
            }
            return true
        }
    }

    /// Whether each byte is the number of the string's scalar in its place, as in ISO 8859-1.
    @usableFromInline
    func hasScalars(of string: String) -> Bool {
        let bytes = characters
        let scalars = string.unicodeScalars.lazy.map(\.value)
        return unsafe bytes.withUnsafeBytes { unsafe $0.lazy.map { UInt32($0) }.elementsEqual(scalars) }
    }

    /// Whether the text is not a literal.
    @inlinable
    public static func != (text: borrowing SBEText, literal: StaticString) -> Bool { !(text == literal) }

    /// Whether the text is not a string.
    @_disfavoredOverload
    @inlinable
    public static func != (text: borrowing SBEText, string: String) -> Bool { !(text == string) }
}

/// An array of numbers in a message, in place.
///
/// ```swift
/// let numbers = car.someNumbers
/// for index in numbers.indices { total += Int(numbers[index]) }
/// ```
/// **Ownership.** Borrows the bytes of the message.
@frozen
public struct SBEArray<Field: SBEArrayField>: ~Escapable {
    /// The bytes of all elements, as they are on the wire.
    public let bytes: RawSpan

    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// How many elements there are: as many as the schema says, or none in a message of an older version.
    @inlinable
    public var count: Int { bytes.byteCount / MemoryLayout<Field.Element.Bits>.size }

    /// The indices of the elements: `0..<count`.
    @inlinable
    public var indices: Range<Int> { 0..<count }

    /// The number at an index, loaded where it lies and in its schema's byte order.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Field.Element {
        let size = MemoryLayout<Field.Element.Bits>.size
        precondition(index >= 0 && index < count, "no such element")
        // SAFETY: checked; every bit pattern is an integer.
        let bits = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: index &* size, as: Field.Element.Bits.self)
        return Field.Element(sbeBits: Field.Schema.byteOrder.applied(to: bits))
    }

    /// An element, or nil of the null value, where elements are optional.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public func optional(at index: Int) -> Field.Element? {
        let value = self[index]
        if let null = Field.null, value.isSBENull(null) { return nil }
        return value
    }

    /// All elements, copied into an array that may be kept.
    public var elements: [Field.Element] { indices.map { self[$0] } }
}
