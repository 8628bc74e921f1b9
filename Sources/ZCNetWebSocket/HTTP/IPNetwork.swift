import ZCNet

/// A range of addresses that share a prefix, such as `10.0.0.0/8` or `2001:db8::/32`.
///
/// ```swift
/// let office = try IPNetwork(parsing: "192.0.2.0/24")
/// office.contains(IPAddress(192, 0, 2, 17))      // true
/// ```
/// An IPv4 network contains no IPv6 address and the other way round; `::/0` is no exception. Mapped IPv4
/// addresses are IPv4 addresses.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    public let base: IPAddress
    /// How many bits of it all addresses share: up to 32 for IPv4, up to 128 for IPv6.
    public let prefixBits: Int

    /// Parses `ADDRESS/BITS`, or a single address.
    ///
    /// Bits behind the prefix have to be zero: `10.1.2.3/8` is more likely a mistake than a network.
    public init(parsing text: String) throws(ConfigurationError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = IPAddress(String(parts[0])) else {
            throw Self.error("an address, or an address and a prefix such as 10.0.0.0/8", text)
        }
        let width = base.isV4 ? 32 : 128
        var bits = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy(HTTPCharacters.isDigit),
                let count = Int(parts[1]), count <= width
            else { throw Self.error("a prefix of 0 to \(width) bits", text) }
            bits = count
        }
        self.base = base
        prefixBits = bits
        let masked = Self.masked(base, bits)
        guard masked == base else {
            throw Self.error("\(masked)/\(bits), with zeros behind the prefix", text)
        }
    }

    /// Whether an address has the prefix. O(1).
    public func contains(_ address: IPAddress) -> Bool {
        address.isV4 == base.isV4 && Self.masked(address, prefixBits) == base
    }

    /// The text that `init(parsing:)` takes.
    public var description: String { "\(base)/\(prefixBits)" }

    private static func masked(_ address: IPAddress, _ bits: Int) -> IPAddress {
        let bits = address.isV4 ? bits + 96 : bits
        // A shift by the whole width leaves nothing of a word.
        let high = address.high & ~(UInt64.max >> UInt64(min(bits, 64)))
        let low = address.low & ~(UInt64.max >> UInt64(max(bits - 64, 0)))
        return IPAddress(high: high, low: low)
    }

    private static func error(_ expected: String, _ got: String) -> ConfigurationError {
        ConfigurationError(field: "network", expected: expected, got: HTTPCharacters.quoted(got))
    }
}
