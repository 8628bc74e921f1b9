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
