import ZCNet

/// Finds the client's address behind reverse proxies that write `X-Forwarded-For` or `Forwarded`.
///
/// ```swift
/// configuration.forwarded = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")])
/// ```
/// Every proxy appends whom it saw, behind a comma or as a field of its own. So the list is read from its
/// end, as long as whoever wrote an element is trusted: the first address of somebody else is the client's.
/// What stands before it is the client's own invention and is not looked at.
///
/// **Whatever a client sends, the element that a trusted proxy appends counts.** Proxies append without a
/// look at what is there, so none of that may have a say about where the last element begins. In
/// `X-Forwarded-For` every comma separates, quotes or not. In `Forwarded` a value may be a quoted string with
/// commas in it, and the client's part may have opened one that it never closed; so that field, too, is taken
/// apart from its end: a quote that is met first closes a string of the proxy's own, and the comma in front
/// of the proxy's element is reached before anything of the client's. Trust is in the proxies that the list
/// names: one that passes the field on as it came, instead of appending, lets its clients say who they are.
///
/// **Complexity.** O(bytes of the fields × networks).
public struct ForwardedFor: Hashable, Sendable {
    /// Which header field the proxies write. Only that one is looked at: the other is passed on by proxies
    /// that do not know it, and may be the client's invention.
    public enum Field: Hashable, Sendable {
        /// `X-Forwarded-For: client, proxy`: what nearly all proxies write.
        case xForwardedFor
        /// `Forwarded: for=client, for=proxy`: RFC 7239.
        case forwarded
    }

    /// The proxies whose word counts.
    public let trusted: [IPNetwork]
    /// Whether a proxy that connects through a Unix domain socket is trusted; only this machine's own can.
    public let trustsUnixPeers: Bool
    /// Which field they write.
    public let field: Field

    /// Trusts proxies of some networks.
    public init(
        trusting networks: [IPNetwork], trustsUnixPeers: Bool = true, field: Field = .xForwardedFor
    ) {
        trusted = networks
        self.trustsUnixPeers = trustsUnixPeers
        self.field = field
    }

    /// The address of the client; nil when it is unknown because the peer has a Unix socket and no proxy that
    /// is trusted has told more.
    ///
    /// An element that is no address ends the search: the client is then the one who wrote it.
    public func clientAddress(of headers: HTTPHeaders, from peer: SocketAddress) -> IPAddress? {
        var client = peer.ipAddress
        guard client.map(isTrusted) ?? trustsUnixPeers else { return client }
        let name = field == .forwarded ? "Forwarded" : "X-Forwarded-For"
        for value in headers.values(of: name).reversed() {
            var rest = Array(value.utf8)[...]
            while let element = popElement(&rest) {
                let text =
                    field == .forwarded
                    ? Self.node(of: element) : String(decoding: element, as: UTF8.self)
                guard let text, let address = Self.address(text) else { return client }
                client = address
                if !isTrusted(address) { return client }
            }
        }
        return client
    }

    /// Takes the last element that is not empty from a field's value, without blanks around it; nil when
    /// there is none.
    private func popElement(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        while !rest.isEmpty {
            var start = rest.endIndex
            var isQuoted = false
            while start > rest.startIndex {
                let byte = rest[start - 1]
                if byte == UInt8(ascii: ",") && !isQuoted { break }
                start -= 1
                if field == .forwarded && byte == HTTPCharacters.quote && !Self.isEscaped(start, in: rest) {
                    isQuoted.toggle()
                }
            }
            let element = HTTPCharacters.trimmed(rest[start...])
            rest = rest[..<max(rest.startIndex, start - 1)]
            if !element.isEmpty { return element }
        }
        return nil
    }

    /// Whether a quote belongs to what a string quotes: RFC 9110 5.6.4. A string's first quote never has a
    /// backslash in front of it, and each within has an odd number of them.
    private static func isEscaped(_ index: Int, in bytes: ArraySlice<UInt8>) -> Bool {
        let backslashes = bytes[..<index].reversed().prefix { $0 == HTTPCharacters.backslash }
        return backslashes.count % 2 == 1
    }

    /// The client as an address with a port, where the peer itself is the client; else with port 0.
    func clientSocketAddress(of headers: HTTPHeaders, from peer: SocketAddress) -> SocketAddress {
        guard let client = clientAddress(of: headers, from: peer), client != peer.ipAddress else {
            return peer
        }
        return .ip(client, port: 0)
    }

    private func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// An address, or with a port as some proxies write it: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> IPAddress? {
        if let plain = IPAddress(text) { return plain }
        guard let authority = HTTPAuthority(text) else { return nil }
        return IPAddress(authority.host)
    }

    /// RFC 7239 4: the value of `for` in `for=192.0.2.60;proto=http`, without its quotes; nil where there is
    /// none or more than one. An obfuscated node (`_hidden`, `unknown`) is no address, which the caller sees.
    private static func node(of element: ArraySlice<UInt8>) -> String? {
        var found: String?
        for pair in HTTPHeaders.parts(of: element, at: UInt8(ascii: ";")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = String(decoding: HTTPCharacters.trimmed(pair[..<equals]), as: UTF8.self)
            guard HTTPCharacters.isSame(name, "for") else { continue }
            if found != nil { return nil }
            found = unquoted(HTTPCharacters.trimmed(pair[(equals + 1)...]))
        }
        return found
    }

    /// What a value stands for: itself, or what it has between its quotes.
    private static func unquoted(_ value: ArraySlice<UInt8>) -> String {
        guard value.count >= 2, value.first == HTTPCharacters.quote, value.last == HTTPCharacters.quote else {
            return String(decoding: value, as: UTF8.self)
        }
        var content: [UInt8] = []
        var isEscaped = false
        for byte in value.dropFirst().dropLast() {
            isEscaped = byte == HTTPCharacters.backslash && !isEscaped
            if !isEscaped { content.append(byte) }
        }
        return String(decoding: content, as: UTF8.self)
    }
}

/// A range of addresses that share a prefix, such as `10.0.0.0/8` or `2001:db8::/32`.
///
/// ```swift
/// let office = try IPNetwork(parsing: "192.0.2.0/24")
/// office.contains(IPAddress(192, 0, 2, 17))      // true
/// ```
/// An IPv4 network contains no IPv6 address and the other way round; `::/0` is no exception. Mapped IPv4
/// addresses are IPv4 addresses.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the network.
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
