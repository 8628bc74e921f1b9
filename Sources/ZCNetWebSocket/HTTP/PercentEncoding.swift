/// The escapes of URLs: RFC 3986 2.1.
enum PercentEncoding {
    /// What a text with escapes stands for; nil when an escape is broken, or when the result is no UTF-8 or
    /// has a NUL, which C interfaces would take for an end. O(n).
    ///
    /// - Parameter readsPlusAsSpace: whether `+` is a space, as in the queries that forms send.
    static func decode(_ text: some StringProtocol, readsPlusAsSpace: Bool = false) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.utf8.count)
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = bytes.next().flatMap(digit), let low = bytes.next().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(byte == UInt8(ascii: "+") && readsPlusAsSpace ? UInt8(ascii: " ") : byte)
            }
        }
        if decoded.contains(0) { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
