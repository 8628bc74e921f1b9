import ZCNet

/// Who a client is to its servers.
///
/// ```swift
/// configuration.credentials = .password(user: "alice", "secret")
/// ```
/// Keys sign what the server makes up for each connection. The signature is made by a closure, so that this
/// module has no cryptography of its own; with the trait `TLS`, `ZCNetTLS` has `Ed25519Key`.
public struct NATSCredentials: Sendable {
    /// Signs bytes with Ed25519 (RFC 8032); 64 bytes, or nil where it cannot. Called on the loop.
    public typealias Signer = @Sendable (_ nonce: [UInt8]) -> [UInt8]?

    enum Kind: Sendable {
        case none
        case password(user: String, password: String)
        case token(String)
        case key(publicKey: String, Signer)
        case jwt(String, Signer)
    }

    let kind: Kind

    /// Nobody: for servers that want none.
    public static let none = NATSCredentials(kind: .none)

    /// Proves who the client is by a name and a password, in the clear unless TLS is on.
    public static func password(user: String, _ password: String) -> NATSCredentials {
        NATSCredentials(kind: .password(user: user, password: password))
    }

    /// A token that all clients share.
    public static func token(_ token: String) -> NATSCredentials { NATSCredentials(kind: .token(token)) }

    /// The owner of an NKey: its public half, `U…`, and who signs with the other.
    public static func key(_ publicKey: String, signer: @escaping Signer) -> NATSCredentials {
        NATSCredentials(kind: .key(publicKey: publicKey, signer))
    }

    /// Whom a JWT names, and who signs with its key.
    public static func jwt(_ token: String, signer: @escaping Signer) -> NATSCredentials {
        NATSCredentials(kind: .jwt(token, signer))
    }

    /// The fields of CONNECT that these credentials are.
    func fields(nonce: String) throws(NATSError) -> [(String, JSONText)] {
        switch kind {
        case .none: return []
        case .password(let user, let password):
            return [("user", .string(user)), ("pass", .string(password))]
        case .token(let token): return [("auth_token", .string(token))]
        case .key(let publicKey, let signer):
            return [("nkey", .string(publicKey)), ("sig", try Self.signature(of: nonce, signer))]
        case .jwt(let token, let signer):
            if nonce.isEmpty { return [("jwt", .string(token))] }
            return [("jwt", .string(token)), ("sig", try Self.signature(of: nonce, signer))]
        }
    }

    private static func signature(of nonce: String, _ signer: Signer) throws(NATSError) -> JSONText {
        guard !nonce.isEmpty else {
            throw NATSError(.credentials, expected: "a nonce in INFO, to be signed", got: "none")
        }
        guard let signature = signer(Array(nonce.utf8)), signature.count == 64 else {
            throw NATSError(.credentials, expected: "a signature of 64 bytes", got: "none")
        }
        return .string(Base64.urlText(signature))
    }
}

/// An NKey: a public key or a seed with its kind and a checksum, in base 32.
public enum NKey {
    /// The 32 bytes of a seed that begins with `SU`, from which the private key is made.
    ///
    /// - Throws: ``NATSError`` with ``NATSError/Code/credentials``; the seed itself is not in it.
    public static func seed(_ text: String) throws(NATSError) -> [UInt8] {
        let bytes = try decode(text)
        // A seed has two bytes of prefix: 18 for a seed, and the kind whose seed it is, five bits each.
        guard bytes.count == 34, bytes[0] & 0xF8 == 18 << 3 else {
            throw NATSError(
                .credentials, expected: "a seed, S…", got: "\(bytes.count) bytes of something else")
        }
        return Array(bytes[2...])
    }

    /// The text of a user's public key, `U…`.
    ///
    /// - Precondition: the key has 32 bytes.
    public static func user(publicKey: [UInt8]) -> String {
        precondition(publicKey.count == 32, "a public key of \(publicKey.count) bytes")
        let bytes = [20 << 3] + publicKey
        let sum = checksum(bytes)
        return Base32.text(bytes + [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)])
    }

    /// The token and the seed of a file of credentials, as `nsc` writes it.
    public static func parse(credentialsFile text: String) throws(NATSError) -> (jwt: String, seed: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0.trimmingBlanks) }
        func line(behind mark: String) -> String? {
            lines.firstIndex { $0.hasPrefix("---") && $0.contains(mark) }
                .flatMap { lines.indices.contains($0 + 1) ? lines[$0 + 1] : nil }
        }
        guard let jwt = line(behind: "BEGIN NATS USER JWT"), let seed = line(behind: "BEGIN USER NKEY SEED")
        else {
            throw NATSError(
                .credentials, expected: "BEGIN NATS USER JWT and BEGIN USER NKEY SEED", got: "something else")
        }
        return (jwt, seed)
    }

    private static func decode(_ text: String) throws(NATSError) -> [UInt8] {
        guard let bytes = Base32.bytes(text), bytes.count > 3 else {
            throw NATSError(
                .credentials, expected: "an NKey in base 32", got: "\(text.utf8.count) characters")
        }
        let body = Array(bytes.dropLast(2))
        let sum = UInt16(bytes[bytes.count - 2]) | UInt16(bytes[bytes.count - 1]) << 8
        guard checksum(body) == sum else {
            throw NATSError(.credentials, expected: "an NKey with its checksum", got: "another checksum")
        }
        return body
    }

    /// The checksum of NKeys: XMODEM's CRC-16.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt16 = 0
        for byte in bytes {
            sum ^= UInt16(byte) << 8
            for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
        }
        return sum
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: SubSequence {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        guard let end = lastIndex(where: { !$0.isWhitespace }) else { return self[start..<start] }
        return self[start...end]
    }
}

/// Base 32 without padding (RFC 4648 6).
enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(letters[Int(bits >> UInt32(count) & 31)])
            }
        }
        if count > 0 { text.append(letters[Int(bits << UInt32(5 - count) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in text.utf8 {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            bits = bits << 5 | UInt32(value)
            count += 5
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}

/// Base 64 (RFC 4648), as far as NATS has it.
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// For URLs and without padding (RFC 4648 5).
    static func urlText(_ bytes: [UInt8]) -> String {
        let all = letters + Array("-_".utf8)
        var text: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(all[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(all[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text with padding or without; nil where it is none.
    static func bytes(_ text: String) -> [UInt8]? {
        let all = letters + Array("+/".utf8)
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in text.utf8 where letter != UInt8(ascii: "=") {
            guard let value = all.firstIndex(of: letter) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}
