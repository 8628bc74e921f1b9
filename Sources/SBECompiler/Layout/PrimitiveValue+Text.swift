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
