/// UTF-8 by scalars: a text is right when each of its sequences stands for a scalar in the shortest way
/// (RFC 3629 3). Slow.
enum NaiveUTF8 {
    /// How many bytes there are before the first that no continuation could make right, and whether the text
    /// may end where the bytes do.
    static func verdict(_ bytes: [UInt8]) -> (validBytes: Int, isComplete: Bool) {
        var place = 0
        while place < bytes.count {
            let left = bytes.count - place
            guard let width = width(of: bytes[place]) else { return (place, false) }
            for taken in 1...max(1, min(width, left))
            where !canBegin(Array(bytes[place..<(place + taken)]), width) {
                return (place + taken - 1, false)
            }
            if left < width { return (bytes.count, false) }
            place += width
        }
        return (place, true)
    }

    private static func width(of lead: UInt8) -> Int? {
        switch lead.leadingZeroBitCount == 0 ? (~lead).leadingZeroBitCount : 0 {
        case 0: 1
        case 2: 2
        case 3: 3
        case 4: 4
        default: nil
        }
    }

    /// Whether some scalar's sequence of `width` bytes begins so: the smallest and the largest values that
    /// the missing bits allow enclose one that is allowed.
    private static func canBegin(_ part: [UInt8], _ width: Int) -> Bool {
        if width == 1 { return true }
        for byte in part.dropFirst() where byte & 0xC0 != 0x80 { return false }
        var low = UInt32(part[0]) & (0x7F >> UInt32(width))
        for byte in part.dropFirst() { low = low << 6 | UInt32(byte & 0x3F) }
        let missing = UInt32(6 * (width - part.count))
        low <<= missing
        let high = low | (1 << missing - 1)
        let least: UInt32 = width == 2 ? 0x80 : width == 3 ? 0x800 : 0x10000
        let allowed: [ClosedRange<UInt32>] = [least...max(least, 0xD7FF), max(least, 0xE000)...0x10FFFF]
        return allowed.contains { $0.overlaps(low...high) }
    }
}
