/// The value of a constant, which occupies no octets on the wire.
package enum ConstantLayout: Hashable, Sendable {
    /// A number or a single character, from the element's text, or from a `valueRef` where the field's type
    /// is the enum's primitive type.
    case value(PrimitiveValue)
    /// Characters: the octets of the text in the type's character encoding, with zeros behind them where the
    /// type is longer. Always of the primitive type `char` with a length other than 1.
    case text([UInt8])
    /// A value of an enum, by `valueRef`.
    case validValue(name: String, PrimitiveValue)
}
