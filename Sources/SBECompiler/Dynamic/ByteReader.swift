/// Received octets, read with a check each time. Offsets count from the begin of the message.
struct ByteReader {
    let bytes: [UInt8]
    let byteOrder: ByteOrder

    /// Notes that the message must have `count` octets from `offset` on. Neither can overflow: both are
    /// bounded by what fits 32 bits, or compared before they are added.
    func require(_ count: UInt64, at offset: Int, _ path: @autoclosure () -> String) throws(MessageError) {
        guard offset >= 0, offset <= bytes.count, count <= UInt64(bytes.count - offset) else {
            let expected = UInt64(max(offset, 0)).addingReportingOverflow(count)
            throw .truncated(
                path: path(), expected: expected.overflow ? .max : Int(clamping: expected.partialValue),
                got: bytes.count)
        }
    }

    /// The bits of one element.
    func bits(_ type: PrimitiveType, at offset: Int, _ path: @autoclosure () -> String) throws(MessageError)
        -> UInt64
    {
        try require(UInt64(type.size), at: offset, path())
        var value: UInt64 = 0
        for index in 0..<type.size {
            let position = byteOrder == .bigEndian ? index : type.size - 1 - index
            value = value << 8 | UInt64(bytes[offset + position])
        }
        return value
    }

    /// An integer that governs decoding, of a composite that begins at `base`.
    func integer(
        _ member: WireIntegerLayout, base: Int, _ path: @autoclosure () -> String
    ) throws(MessageError) -> UInt64 {
        if let constant = member.constant { return constant }
        return try bits(member.primitive, at: base + member.offset, path())
    }
}

/// Octets as hexadecimal digits, and back.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits for each octet.
    static func text(of bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bits of a value, in as many digits as its type has.
    static func text(of value: PrimitiveValue) -> String {
        let digits = String(value.bits, radix: 16)
        return String(repeating: "0", count: value.type.size * 2 - digits.count) + digits
    }

    /// The octets of digits in any case; nil where there is something else, or half an octet.
    static func bytes(of text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
