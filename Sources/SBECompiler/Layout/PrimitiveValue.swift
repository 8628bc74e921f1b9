/// One value of a primitive type, kept as the bits that go on the wire, so that nothing is lost on the way:
/// not the sign of a zero, not the payload of a NaN.
package struct PrimitiveValue: Hashable, Sendable {
    /// What the bits mean.
    package let type: PrimitiveType
    /// Two's complement, IEEE 754 or the character's code, in the low `type.bitWidth` bits; zeros above.
    package let bits: UInt64

    /// A value from its bits; what the type cannot hold is cut off.
    package init(_ type: PrimitiveType, bits: UInt64) {
        self.type = type
        self.bits = bits & type.mask
    }

    /// The value as an unsigned number; of a signed type, its bits.
    package var unsigned: UInt64 { bits }

    /// The value as a signed number, with the sign extended from the type's width.
    package var signed: Int64 {
        guard type.isSigned else { return Int64(truncatingIfNeeded: bits) }
        let unused = UInt64(64 - type.bitWidth)
        return Int64(bitPattern: bits << unused) >> Int64(unused)
    }

    /// The value of a `float` or `double`, as a `Double`; of another type, the number converted.
    package var floatingPoint: Double {
        switch type {
        case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .double: Double(bitPattern: bits)
        default: type.isSigned ? Double(signed) : Double(unsigned)
        }
    }

    /// Whether the value is a NaN of any payload.
    package var isNaN: Bool { type.isFloatingPoint && floatingPoint.isNaN }
}

extension PrimitiveValue: CustomStringConvertible {
    /// The number in decimal; characters as their code.
    package var description: String {
        switch type {
        case .float: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))"
        case .double: "\(Double(bitPattern: bits))"
        default: type.isSigned ? "\(signed)" : "\(unsigned)"
        }
    }
}
