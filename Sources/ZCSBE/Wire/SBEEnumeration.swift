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

    /// Hashes the number, so that equal values have equal hashes.
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

/// A generated enumeration some of whose values the schema has deprecated.
///
/// Its own functions name those values, and are deprecated for it, lest generated code warns about itself.
/// What users call is here and reaches them through the protocol, of which the compiler says nothing.
public protocol SBEAgingEnumeration: SBEEnumeration {
    /// The value of a number.
    static func _value(_ bits: Bits) -> Self
    /// The number of the value.
    var _bits: Bits { get }
    /// The name in the schema.
    var _name: StaticString? { get }
}

extension SBEAgingEnumeration {
    /// The value that a number stands for. There is one for all numbers.
    @inlinable @inline(__always)
    public init(sbeBits: Bits) { self = Self._value(sbeBits) }

    /// The number of the value.
    @inlinable @inline(__always)
    public var sbeBits: Bits { _bits }

    /// The name in the schema; nil of null and of unknown values.
    public var sbeName: StaticString? { _name }
}

/// A generated set: SBE's bits by their names, as an option set.
///
/// Bits without a name are kept as they came.
public protocol SBEChoices: SBEPrimitive, OptionSet, Hashable, CustomStringConvertible
where RawValue == Bits, Element == Self, Bits: UnsignedInteger {
    /// The choices of the schema with their names.
    static var sbeNames: [(choice: Self, name: StaticString)] { get }
}

extension SBEChoices {
    /// The set that these bits stand for.
    @inlinable
    public init(sbeBits: Bits) { self.init(rawValue: sbeBits) }

    /// The bits, as they are on the wire.
    @inlinable
    public var sbeBits: Bits { rawValue }

    /// The names of the choices that are in the set, in the order of the schema.
    public var sbeChosen: [String] {
        Self.sbeNames.filter { contains($0.choice) }.map(\.name.description)
    }

    /// The names of the choices that are in the set.
    public var description: String { "[\(sbeChosen.joined(separator: ", "))]" }
}
