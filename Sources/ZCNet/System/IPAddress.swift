/// An IPv4 or IPv6 address as 16 bytes of plain memory, small enough to live in every connection's slot.
///
/// IPv4 addresses are kept in their mapped form (`::ffff:a.b.c.d`), so that one comparison serves both
/// families.
@frozen
public struct IPAddress: Hashable, Sendable {
    /// The first eight bytes, most significant first.
    public let high: UInt64
    /// The last eight bytes, most significant first.
    public let low: UInt64

    /// The address of 16 bytes in two words.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its four bytes.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        self.init(v4: UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth))
    }

    /// An IPv4 address from its 32 bits, most significant byte first.
    public init(v4 bits: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits)) }

    /// Whether this is an IPv4 address.
    public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The 32 bits of an IPv4 address.
    public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// Whether the address never leaves this machine: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isV4 ? v4Bits >> 24 == 127 : high == 0 && low == 1 }

    /// What limits per client go by: an IPv4 address itself, of an IPv6 address the first 64 bits, behind
    /// which one customer may choose as he likes (RFC 6177).
    package var countedNetwork: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }

    /// 0.0.0.0: every IPv4 interface.
    public static let anyV4 = IPAddress(v4: 0)
    /// Every interface of both families.
    public static let anyV6 = IPAddress(high: 0, low: 0)
    /// This machine over IPv4.
    public static let loopbackV4 = IPAddress(127, 0, 0, 1)
    /// This machine over IPv6.
    public static let loopbackV6 = IPAddress(high: 0, low: 1)
}

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Parses dotted IPv4 or IPv6 text, without brackets, port or zone.
    public init?(_ text: String) {
        guard let address = text.contains(":") ? IPAddress.parseV6(text) : IPAddress.parseV4(text) else {
            return nil
        }
        self = address
    }

    /// The usual text: dotted for IPv4, RFC 5952 for IPv6.
    public var description: String {
        if isV4 {
            let bits = v4Bits
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        }
        let groups = (0..<8).map { (index: Int) -> UInt16 in
            let half = index < 4 ? high : low
            return UInt16(truncatingIfNeeded: half >> (48 - 16 * (index & 3)))
        }
        guard let gap = IPAddress.longestZeroRun(groups) else {
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        let before = groups[..<gap.lowerBound].map { String($0, radix: 16) }.joined(separator: ":")
        let after = groups[gap.upperBound...].map { String($0, radix: 16) }.joined(separator: ":")
        return before + "::" + after
    }

    /// RFC 5952, 4.2: the longest run of at least two zero groups, the first of equals.
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2 && end - start > (best?.count ?? 0) { best = start..<end }
            start = end
        }
        return best
    }

    private static func parseV4(_ text: String) -> IPAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let byte = decimal(part, max: 255) else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        return IPAddress(v4: bits)
    }

    private static func parseV6(_ text: String) -> IPAddress? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let front = groups(halves[0], endsAddress: halves.count == 1) else {
            return nil
        }
        var all = front
        if halves.count == 2 {
            guard let back = groups(halves[1], endsAddress: true), front.count + back.count <= 7 else {
                return nil
            }
            all += Array(repeating: 0, count: 8 - front.count - back.count) + back
        }
        guard all.count == 8 else { return nil }
        let words = all.map(UInt64.init)
        return IPAddress(
            high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
            low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
    }

    /// The 16-bit groups of one side of `::`; the last of an address may be a dotted IPv4 address.
    private static func groups(_ text: Substring, endsAddress: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if endsAddress && index == parts.count - 1 && part.contains(".") {
                guard let tail = parseV4(String(part)) else { return nil }
                result += [UInt16(tail.v4Bits >> 16), UInt16(tail.v4Bits & 0xFFFF)]
            } else {
                let isHex = part.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
                guard (1...4).contains(part.count), isHex, let group = UInt16(part, radix: 16) else {
                    return nil
                }
                result.append(group)
            }
        }
        return result
    }

    /// Digits only, no sign, no leading zero that other parsers read as octal.
    static func decimal(_ text: Substring, max: Int) -> Int? {
        guard !text.isEmpty, text.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard text.count == 1 || text.first != "0", let value = Int(text), value <= max else { return nil }
        return value
    }
}
