import ZCNet

/// Reads what a load balancer puts in front of a connection to tell whose it is: the PROXY protocol, versions
/// 1 and 2.
///
/// ```swift
/// var preamble = ProxyPreamble()
/// switch preamble.parse(everythingReceivedSoFar) {
/// case .incomplete: break                                   // show it again with more behind it
/// case .proxied(let source, _, let preambleBytes): …        // the client; its bytes begin behind
/// case .local, .refused: …
/// }
/// ```
/// **Trust.** Anybody can send this. Ask for it only where none but balancers can connect; and then every
/// connection must begin with it, as the protocol demands: a guess could be fooled.
///
/// **Pure**, like ``HTTPHeadParser``: shown everything again each time; each byte is looked at once.
///
/// **Limits.** Version 1 has 107 bytes at most. Version 2 tells its length; a longer one than `bytesMax` is
/// refused when its length is seen.
package struct ProxyPreamble: Sendable {
    /// What reading has come to.
    package enum Outcome: Hashable, Sendable {
        /// No rule is broken so far, and the end has not come.
        case incomplete
        /// The connection is the balancer's own, or it does not know whose it is: the socket's addresses
        /// count.
        case local(preambleBytes: Int)
        case proxied(source: SocketAddress, destination: SocketAddress, preambleBytes: Int)
        case refused(ProxyPreambleError)
    }

    private enum Version {
        case one
        case two
    }

    /// What version 1 may have at most, its CR LF included.
    static let textBytesMax = 107
    /// Twelve bytes that begin version 2.
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    private static let textSignature = Array("PROXY ".utf8)

    private let bytesMax: Int
    private var version: Version?
    /// How many bytes have been looked at, each of them once.
    package private(set) var scannedBytes = 0
    private var verdict: Outcome?

    /// - Parameter bytesMax: what a preamble of version 2 may have; 4 KiB hold a client certificate's names
    ///   and whatever else balancers add.
    package init(bytesMax: Int = 4096) { self.bytesMax = bytesMax }

    /// Reads on in `bytes`, which begin where the connection does and hold all that has come.
    package mutating func parse(_ bytes: RawSpan) -> Outcome {
        if let verdict { return verdict }
        let outcome: Outcome
        do throws(ProxyPreambleError) {
            outcome = try advance(bytes)
        } catch {
            outcome = .refused(error)
        }
        if outcome != .incomplete { verdict = outcome }
        return outcome
    }

    private mutating func advance(_ bytes: RawSpan) throws(ProxyPreambleError) -> Outcome {
        guard bytes.byteCount > 0 else { return .incomplete }
        let version = self.version ?? (bytes.byte(at: 0) == Self.signature[0] ? .two : .one)
        self.version = version
        let signature = version == .one ? Self.textSignature : Self.signature
        while scannedBytes < min(bytes.byteCount, signature.count) {
            guard bytes.byte(at: scannedBytes) == signature[scannedBytes] else {
                throw ProxyPreambleError(
                    expected: "a header of version 1 or 2",
                    got: "\(HTTPCharacters.named(bytes.byte(at: scannedBytes))) at offset \(scannedBytes)")
            }
            scannedBytes += 1
        }
        guard scannedBytes >= signature.count else { return .incomplete }
        return version == .one ? try advanceText(bytes) : try advanceBinary(bytes)
    }

    /// Looks for the end of version 1.
    private mutating func advanceText(_ bytes: RawSpan) throws(ProxyPreambleError) -> Outcome {
        while scannedBytes < bytes.byteCount {
            let byte = bytes.byte(at: scannedBytes)
            let isBehindReturn = bytes.byte(at: scannedBytes - 1) == HTTPCharacters.carriageReturn
            if isBehindReturn != (byte == HTTPCharacters.lineFeed) {
                throw ProxyPreambleError(expected: "CR LF at the end", got: HTTPCharacters.named(byte))
            }
            guard isBehindReturn || byte == HTTPCharacters.carriageReturn || (0x20..<0x7F).contains(byte)
            else {
                throw ProxyPreambleError(expected: "printable ASCII", got: HTTPCharacters.named(byte))
            }
            scannedBytes += 1
            if isBehindReturn {
                return try Self.addresses(ofText: bytes.text(0..<(scannedBytes - 2)), scannedBytes)
            }
            if scannedBytes == Self.textBytesMax {
                throw ProxyPreambleError(expected: "at most \(Self.textBytesMax) bytes", got: "more")
            }
        }
        return .incomplete
    }

    /// Waits for all that version 2 announces.
    private mutating func advanceBinary(_ bytes: RawSpan) throws(ProxyPreambleError) -> Outcome {
        let headBytes = 16
        if bytes.byteCount > 12 { try Self.checkCommand(bytes.byte(at: 12)) }
        guard let length = bytes.integer(as: UInt16.self, at: 14, .bigEndian) else { return .incomplete }
        let count = headBytes + Int(length)
        guard count <= bytesMax else {
            throw ProxyPreambleError(expected: "at most \(bytesMax) bytes", got: "\(count)")
        }
        guard bytes.byteCount >= count else { return .incomplete }
        scannedBytes = count
        return try Self.addresses(ofBinary: bytes.extracting(0..<count))
    }
}

/// What a whole preamble says.
extension ProxyPreamble {
    // MARK: Version 1

    /// The addresses of a line without its end, such as `PROXY TCP4 10.1.2.3 10.0.0.1 50000 443`.
    static func addresses(ofText line: String, _ count: Int) throws(ProxyPreambleError) -> Outcome {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        // Whatever follows is to be ignored.
        if words[1] == "UNKNOWN" { return .local(preambleBytes: count) }
        guard words[1] == "TCP4" || words[1] == "TCP6" else {
            throw ProxyPreambleError(
                expected: "TCP4, TCP6 or UNKNOWN", got: HTTPCharacters.quoted(words[1]))
        }
        guard words.count == 6 else {
            throw ProxyPreambleError(
                expected: "two addresses and two ports with one space between",
                got: "\(words.count - 2) words")
        }
        let isV4 = words[1] == "TCP4"
        return .proxied(
            source: .ip(try address(words[2], isV4: isV4), port: try port(words[4])),
            destination: .ip(try address(words[3], isV4: isV4), port: try port(words[5])),
            preambleBytes: count)
    }

    private static func address(
        _ text: Substring, isV4: Bool
    ) throws(ProxyPreambleError) -> IPAddress {
        guard text.contains(":") != isV4, let address = IPAddress(String(text)) else {
            throw ProxyPreambleError(
                expected: "an IPv\(isV4 ? 4 : 6) address", got: HTTPCharacters.quoted(text))
        }
        return address
    }

    private static func port(_ text: Substring) throws(ProxyPreambleError) -> UInt16 {
        guard text.utf8.allSatisfy(HTTPCharacters.isDigit), text == "0" || text.first != "0",
            let port = UInt16(text)
        else {
            throw ProxyPreambleError(expected: "a port of 0 to 65535", got: HTTPCharacters.quoted(text))
        }
        return port
    }

    // MARK: Version 2

    /// The version in the upper half is 2; the command in the lower one is LOCAL or PROXY.
    static func checkCommand(_ byte: UInt8) throws(ProxyPreambleError) {
        guard byte == 0x20 || byte == 0x21 else {
            throw ProxyPreambleError(
                expected: "version 2 and LOCAL or PROXY (0x20 or 0x21)", got: HTTPCharacters.named(byte))
        }
    }

    /// The addresses of a whole header. What follows them, its TLVs, is passed over.
    static func addresses(ofBinary bytes: RawSpan) throws(ProxyPreambleError) -> Outcome {
        let count = bytes.byteCount
        // LOCAL: whatever follows is to be ignored.
        if bytes.byte(at: 12) == 0x20 { return .local(preambleBytes: count) }
        let family = bytes.byte(at: 13)
        switch family {
        case 0x00: return .local(preambleBytes: count)
        case 0x11:
            try checkRoom(for: "two IPv4 addresses", 12, in: bytes)
            return .proxied(
                source: .ip(v4(bytes, 16), port: port(bytes, 24)),
                destination: .ip(v4(bytes, 20), port: port(bytes, 26)), preambleBytes: count)
        case 0x21:
            try checkRoom(for: "two IPv6 addresses", 36, in: bytes)
            return .proxied(
                source: .ip(v6(bytes, 16), port: port(bytes, 48)),
                destination: .ip(v6(bytes, 32), port: port(bytes, 50)), preambleBytes: count)
        case 0x31:
            try checkRoom(for: "two Unix addresses", 216, in: bytes)
            return .proxied(
                source: .unix(path: path(bytes, 16)), destination: .unix(path: path(bytes, 124)),
                preambleBytes: count)
        default:
            throw ProxyPreambleError(
                expected: "a stream over IPv4, IPv6 or Unix (0x11, 0x21, 0x31) or 0",
                got: HTTPCharacters.named(family))
        }
    }

    private static func checkRoom(
        for what: String, _ count: Int, in bytes: RawSpan
    ) throws(ProxyPreambleError) {
        guard bytes.byteCount - 16 >= count else {
            throw ProxyPreambleError(
                expected: "\(what) in \(count) bytes", got: "\(bytes.byteCount - 16) bytes")
        }
    }

    // The callers have checked that there is room for what these read.

    private static func v4(_ bytes: RawSpan, _ offset: Int) -> IPAddress {
        IPAddress(v4: bytes.integer(as: UInt32.self, at: offset, .bigEndian) ?? 0)
    }

    private static func v6(_ bytes: RawSpan, _ offset: Int) -> IPAddress {
        IPAddress(
            high: bytes.integer(as: UInt64.self, at: offset, .bigEndian) ?? 0,
            low: bytes.integer(as: UInt64.self, at: offset + 8, .bigEndian) ?? 0)
    }

    private static func port(_ bytes: RawSpan, _ offset: Int) -> UInt16 {
        bytes.integer(as: UInt16.self, at: offset, .bigEndian) ?? 0
    }

    /// A path ends at its first zero byte; a peer without a name has none.
    private static func path(_ bytes: RawSpan, _ offset: Int) -> String {
        let end = (offset..<(offset + 108)).first { bytes.byte(at: $0) == 0 } ?? offset + 108
        return bytes.text(offset..<end)
    }
}

/// Why the bytes in front of a connection are no PROXY protocol header: what was expected and what came.
public struct ProxyPreambleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String

    /// What was expected and what came.
    public var description: String { "PROXY preamble: expected \(expected), got \(got)" }
}
