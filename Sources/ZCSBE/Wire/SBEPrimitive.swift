/// What a field can hold in a fixed number of bytes: an integer, a float, a character, an enumeration or a
/// set of bits.
///
/// Generated enumerations and sets conform to it; there is no need to write conformances by hand.
public protocol SBEPrimitive: BitwiseCopyable, Sendable {
    /// The integer that has the field's bytes.
    associatedtype Bits: FixedWidthInteger & BitwiseCopyable & Sendable

    /// The value that these bits stand for. There is one for all bits.
    init(sbeBits: Bits)

    /// The bits of the value.
    var sbeBits: Bits { get }

    /// Whether the value is the one that stands for null.
    func isSBENull(_ null: Self) -> Bool
}

extension SBEPrimitive {
    /// Whether both have the same bits.
    @inlinable
    public func isSBENull(_ null: Self) -> Bool { sbeBits == null.sbeBits }
}

extension SBEPrimitive where Self: FixedWidthInteger, Bits == Self {
    /// An integer stands for itself.
    @inlinable
    public init(sbeBits: Self) { self = sbeBits }

    /// An integer stands for itself.
    @inlinable
    public var sbeBits: Self { self }
}

extension Int8: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = Int8
}
extension Int16: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = Int16
}
extension Int32: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = Int32
}
extension Int64: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = Int64
}
extension UInt8: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = UInt8
}
extension UInt16: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = UInt16
}
extension UInt32: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = UInt32
}
extension UInt64: SBEPrimitive {
    /// An integer's bits are the integer itself.
    public typealias Bits = UInt64
}

extension Float: SBEPrimitive {
    /// The bits of IEEE 754 binary32.
    @inlinable
    public init(sbeBits: UInt32) { self.init(bitPattern: sbeBits) }

    /// The bits of IEEE 754 binary32.
    @inlinable
    public var sbeBits: UInt32 { bitPattern }

    /// Any NaN is null where null is NaN.
    @inlinable
    public func isSBENull(_ null: Float) -> Bool { null.isNaN ? isNaN : bitPattern == null.bitPattern }
}

extension Double: SBEPrimitive {
    /// The bits of IEEE 754 binary64.
    @inlinable
    public init(sbeBits: UInt64) { self.init(bitPattern: sbeBits) }

    /// The bits of IEEE 754 binary64.
    @inlinable
    public var sbeBits: UInt64 { bitPattern }

    /// Any NaN is null where null is NaN.
    @inlinable
    public func isSBENull(_ null: Double) -> Bool { null.isNaN ? isNaN : bitPattern == null.bitPattern }
}

/// A character of one byte: SBE's `char`.
///
/// ```swift
/// if trade.symbol == "B" { … }
/// ```
@frozen
public struct SBEChar: Hashable, Sendable, SBEPrimitive {
    /// The byte that stands for the character.
    public var byte: UInt8

    /// The character of a byte; US-ASCII unless the schema says otherwise.
    @inlinable
    public init(_ byte: UInt8) { self.byte = byte }

    /// The character of a byte.
    @inlinable
    public init(sbeBits: UInt8) { byte = sbeBits }

    /// The byte that stands for the character.
    @inlinable
    public var sbeBits: UInt8 { byte }
}

extension SBEChar: ExpressibleByUnicodeScalarLiteral {
    /// The character of a literal.
    ///
    /// - Precondition: it is one of U+0000 to U+00FF.
    @inlinable
    public init(unicodeScalarLiteral scalar: Unicode.Scalar) {
        precondition(scalar.value <= 0xFF, "a character of more than a byte")
        byte = UInt8(truncatingIfNeeded: scalar.value)
    }
}

extension SBEChar: CustomStringConvertible {
    /// The character, as in ISO 8859-1 (whose first half is US-ASCII).
    public var description: String { String(Character(Unicode.Scalar(byte))) }
}

/// How the bytes of a text are to be read.
@frozen
public enum SBECharacterEncoding: Hashable, Sendable {
    /// UTF-8, or US-ASCII, which is a part of it.
    case utf8
    /// ISO 8859-1: each byte is the Unicode scalar of its number.
    case latin1
    /// One that the library does not know: text is read as UTF-8 and repaired, bytes stay as they are.
    case other
}

extension SBECharacterEncoding {
    /// The text of bytes. What is none is repaired.
    public func text(of bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .utf8, .other: String(decoding: bytes, as: UTF8.self)
        case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }

    /// The bytes of a text that is not all US-ASCII; rare where an encoding is not UTF-8.
    @usableFromInline
    func bytes(of text: String, at element: StaticString) throws(SBEError) -> [UInt8] {
        guard self == .latin1 else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else {
                throw SBEError(.notInEncoding, at: element, expected: 0xFF, got: Int(scalar.value))
            }
            bytes.append(byte)
        }
        return bytes
    }
}
