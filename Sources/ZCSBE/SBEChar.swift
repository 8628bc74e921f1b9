/// A character of one byte: SBE's `char`.
///
/// ```swift
/// if trade.symbol == "B" { … }
/// ```
@frozen
public struct SBEChar: Hashable, Sendable, SBEPrimitive {
    /// The byte.
    public var byte: UInt8

    /// The character of a byte; US-ASCII unless the schema says otherwise.
    @inlinable
    public init(_ byte: UInt8) { self.byte = byte }

    /// The character of a byte.
    @inlinable
    public init(sbeBits: UInt8) { byte = sbeBits }

    /// The byte.
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
