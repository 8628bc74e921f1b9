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
