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
