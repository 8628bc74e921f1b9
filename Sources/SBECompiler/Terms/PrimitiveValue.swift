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

extension PrimitiveValue {
    /// The value that a schema's text means, nil where the type cannot represent it. Integers are decimal;
    /// a character is itself, or its code in decimal where the text is longer.
    init?(_ type: PrimitiveType, text: String) {
        switch type {
        case .char:
            guard let bits = Self.character(text) else { return nil }
            self.init(type, bits: bits)
        case .int8, .int16, .int32, .int64:
            guard let value = Int64(text) else { return nil }
            self.init(type, bits: UInt64(bitPattern: value))
            guard signed == value else { return nil }
        case .uint8, .uint16, .uint32, .uint64:
            guard let value = UInt64(text), value <= type.mask else { return nil }
            self.init(type, bits: value)
        case .float:
            guard let value = Float(text), value.isFinite || Self.saysNotFinite(text) else { return nil }
            self.init(type, bits: UInt64(value.bitPattern))
        case .double:
            guard let value = Double(text), value.isFinite || Self.saysNotFinite(text) else { return nil }
            self.init(type, bits: value.bitPattern)
        }
    }

    private static func character(_ text: String) -> UInt64? {
        if text.utf8.count == 1 { return text.utf8.first.map(UInt64.init) }
        guard let code = UInt8(text) else { return nil }
        return UInt64(code)
    }

    /// Whether a text names infinity or NaN; another text that becomes infinite was out of range.
    private static func saysNotFinite(_ text: String) -> Bool {
        text.contains { $0 == "n" || $0 == "N" }
    }

    /// What a message says this type can hold.
    static func range(of type: PrimitiveType) -> String {
        switch type {
        case .char: "one character"
        case .float, .double: "a number that \(type.rawValue) holds"
        default:
            type.isSigned
                ? "a number of \(PrimitiveValue(type, bits: 1 << UInt64(type.bitWidth - 1)))..."
                    + "\(PrimitiveValue(type, bits: type.mask >> 1))"
                : "a number of 0...\(type.mask)"
        }
    }

    /// Whether the value is less than another of the same type; of NaNs, never.
    func isLess(than other: PrimitiveValue) -> Bool {
        if type.isFloatingPoint { return floatingPoint < other.floatingPoint }
        return type.isSigned ? signed < other.signed : unsigned < other.unsigned
    }
}

extension PrimitiveValue {
    /// The value of an integer type, clamped to what a signed number of 64 bits holds at least; for limits.
    var number: Int64 { type.isSigned ? signed : Int64(clamping: unsigned) }
}
