/// The eleven primitive types that every encoding stands on (Field Encoding, "Primitive types").
package enum PrimitiveType: String, Sendable, CaseIterable {
    case char, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float, double

    /// Octets of one element.
    package var size: Int {
        switch self {
        case .char, .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float: 4
        case .int64, .uint64, .double: 8
        }
    }

    /// Bits of one element.
    package var bitWidth: Int { size * 8 }

    /// Whether the type is one of `int8` to `int64`.
    package var isSigned: Bool {
        switch self {
        case .int8, .int16, .int32, .int64: true
        default: false
        }
    }

    /// Whether the type is one of `uint8` to `uint64`; `char` is none.
    package var isUnsigned: Bool {
        switch self {
        case .uint8, .uint16, .uint32, .uint64: true
        default: false
        }
    }

    /// Of a signed integer, the unsigned one of its width.
    package var unsigned: PrimitiveType? {
        switch self {
        case .int8: .uint8
        case .int16: .uint16
        case .int32: .uint32
        case .int64: .uint64
        default: nil
        }
    }

    /// Whether the type is `float` or `double`.
    package var isFloatingPoint: Bool { self == .float || self == .double }

    /// The bits that an element of this type can have.
    package var mask: UInt64 { bitWidth == 64 ? .max : (1 << UInt64(bitWidth)) - 1 }

    /// What stands for null unless a type says otherwise: the lowest signed, the highest unsigned value, the
    /// quiet NaN, the character NUL.
    package var defaultNull: PrimitiveValue {
        switch self {
        case .char: PrimitiveValue(self, bits: 0)
        case .int8, .int16, .int32, .int64: PrimitiveValue(self, bits: 1 << UInt64(bitWidth - 1))
        case .uint8, .uint16, .uint32, .uint64: PrimitiveValue(self, bits: mask)
        case .float: PrimitiveValue(self, bits: UInt64(Float.nan.bitPattern))
        case .double: PrimitiveValue(self, bits: Double.nan.bitPattern)
        }
    }

    /// The lowest value unless a type says otherwise.
    package var defaultMinimum: PrimitiveValue {
        switch self {
        case .char: PrimitiveValue(self, bits: 0x20)
        case .int8, .int16, .int32, .int64: PrimitiveValue(self, bits: 1 << UInt64(bitWidth - 1) | 1)
        case .uint8, .uint16, .uint32, .uint64: PrimitiveValue(self, bits: 0)
        case .float: PrimitiveValue(self, bits: UInt64((-Float.greatestFiniteMagnitude).bitPattern))
        case .double: PrimitiveValue(self, bits: (-Double.greatestFiniteMagnitude).bitPattern)
        }
    }

    /// The highest value unless a type says otherwise.
    package var defaultMaximum: PrimitiveValue {
        switch self {
        case .char: PrimitiveValue(self, bits: 0x7e)
        case .int8, .int16, .int32, .int64: PrimitiveValue(self, bits: mask >> 1)
        case .uint8, .uint16, .uint32, .uint64: PrimitiveValue(self, bits: mask - 1)
        case .float: PrimitiveValue(self, bits: UInt64(Float.greatestFiniteMagnitude.bitPattern))
        case .double: PrimitiveValue(self, bits: Double.greatestFiniteMagnitude.bitPattern)
        }
    }
}
