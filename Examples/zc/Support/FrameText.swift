/// Frames as people read and write them.
public enum FrameText {
    /// Bytes as rows of sixteen: where they are, in hex, and as letters where they are some.
    ///
    /// ```
    /// 00000000  68 65 6c 6c 6f 00                                 hello.
    /// ```
    public static func rows(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = bytes[start..<min(start + 16, bytes.count)]
            let hex = row.map(self.hex).joined(separator: " ")
            let letters = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            let place = String(start, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 8 - place.count))
            return zeros + place + "  " + hex + String(repeating: " ", count: 50 - hex.count) + letters
        }
    }

    /// Text that leaves a terminal as it is: control characters, which could move its cursor or worse, are
    /// shown as what they are called in Swift.
    public static func harmless(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A: shown.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA0: shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Bytes as pairs of hex digits, without anything in between.
    public static func digits(_ bytes: [UInt8]) -> String { bytes.map(hex).joined() }

    /// What pairs of hex digits say, with blanks between any of them; nil where they are none.
    public static func bytes(hex text: some StringProtocol) -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace }.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
