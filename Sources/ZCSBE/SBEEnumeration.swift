/// A generated enumeration: its listed values, `null`, and `unknown` with the number that came.
///
/// ```swift
/// switch car.code {
/// case .a, .b, .c: …
/// case .null: …                    // the schema's null value
/// case .unknown(let raw): …        // of a newer schema, or nonsense
/// }
/// ```
public protocol SBEEnumeration: SBEPrimitive, Hashable, CustomStringConvertible {
    /// The name in the schema; nil of null and of unknown values.
    var sbeName: StaticString? { get }
}

extension SBEEnumeration {
    /// The name in the schema, or the number of a value that has none.
    public var description: String { sbeName.map(\.description) ?? "\(sbeBits)" }

    /// Whether the numbers are the same. Enumerations have a value for null; nobody asks on the way of a
    /// message.
    @_semantics("optimize.sil.specialize.generic.never")
    public func isSBENull(_ null: Self) -> Bool { sbeBits == null.sbeBits }

    // Why these three are not the compiler's, nor specialised for hashing: there would be one for each
    // enumeration, of which large schemas have a hundred.

    /// Whether the numbers are the same.
    @inlinable @inline(__always)
    public static func == (one: Self, other: Self) -> Bool { one.sbeBits == other.sbeBits }

    /// Hashes the number.
    @_semantics("optimize.sil.specialize.generic.never")
    public func hash(into hasher: inout Hasher) { hasher.combine(sbeBits) }

    /// The hash of the number.
    @_semantics("optimize.sil.specialize.generic.never")
    public var hashValue: Int {
        var hasher = Hasher()
        hash(into: &hasher)
        return hasher.finalize()
    }
}
