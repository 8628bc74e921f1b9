#if TLS
import COpenSSL
import ZCLibC
import ZCNet

/// A certificate chain and its key, read once and shared by all loops.
///
/// SAFETY: `Sendable` is unchecked because what it holds never changes, and OpenSSL counts its uses
/// atomically.
@safe
final class Credentials: @unchecked Sendable {
    let place: UnsafeMutablePointer<ztls_credentials>
    /// What an OCSP responder said, in DER; empty for nothing.
    let staple: [UInt8]

    /// `field` names the certificate in complaints.
    init(_ certificate: TLSCertificate, _ field: String) throws(ConfigurationError) {
        let chain = try certificate.chain.read("\(field).chain")
        var key = try certificate.key.read("\(field).key")
        defer { unsafe key.withUnsafeMutableBytes { unsafe ztls_wipe($0.baseAddress, $0.count) } }
        staple = try Self.readStaple(certificate.staple, field)
        var trouble = ZTLS_FINE
        let made = unsafe chain.withUnsafeBytes { chain in
            unsafe key.withUnsafeBytes { key in
                unsafe Self.make(chain, key, certificate.passphrase, &trouble)
            }
        }
        guard let made = unsafe made else {
            throw Self.error(trouble, field, hasPassphrase: certificate.passphrase != nil)
        }
        unsafe place = made
    }

    deinit { unsafe ztls_credentials_free(place) }

    /// The same certificate with a staple that was read anew.
    init(_ other: Credentials, staple: String?, _ field: String) throws(ConfigurationError) {
        self.staple = try Self.readStaple(staple, field)
        guard let copy = unsafe ztls_credentials_copy(other.place) else {
            throw ConfigurationError(field: field, expected: "memory", got: "none")
        }
        unsafe place = copy
    }

    /// The hosts that the certificate is for, by itself.
    var names: [String] {
        unsafe ProvenPeer(certificate: place.pointee.leaf, namesMax: 10_000).names.compactMap {
            if case .host(let name) = $0 { name } else { nil }
        }
    }

    private static func make(
        _ chain: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer, _ passphrase: String?,
        _ trouble: inout ztls_trouble
    ) -> UnsafeMutablePointer<ztls_credentials>? {
        if let passphrase {
            return unsafe passphrase.withCString {
                unsafe ztls_credentials_make(
                    chain.baseAddress, chain.count, key.baseAddress, key.count, $0, &trouble)
            }
        }
        return unsafe ztls_credentials_make(
            chain.baseAddress, chain.count, key.baseAddress, key.count, nil, &trouble)
    }

    private static func readStaple(_ path: String?, _ field: String) throws(ConfigurationError) -> [UInt8] {
        guard let path else { return [] }
        let bytes = try PEMSource.file(path).read("\(field).staple")
        guard unsafe ztls_is_staple(bytes, bytes.count) else {
            throw ConfigurationError(
                field: "\(field).staple", expected: "an answer of an OCSP responder, in DER",
                got: "\(path), which is none")
        }
        return bytes
    }

    static func error(_ trouble: ztls_trouble, _ field: String, hasPassphrase: Bool) -> ConfigurationError {
        let detail = unsafe ztls_take_complaint().map { unsafe ": " + String(cString: $0) } ?? ""
        switch trouble {
        case ZTLS_NO_CERTIFICATE:
            return ConfigurationError(
                field: "\(field).chain", expected: "certificates in PEM", got: "none")
        case ZTLS_BAD_CERTIFICATE:
            return ConfigurationError(
                field: "\(field).chain", expected: "certificates in PEM",
                got: "what cannot be read\(detail)")
        case ZTLS_ENCRYPTED_KEY:
            return ConfigurationError(
                field: "\(field).passphrase", expected: "the one that the key is encrypted with",
                got: hasPassphrase ? "another one" : "none")
        case ZTLS_BAD_KEY:
            return ConfigurationError(
                field: "\(field).key", expected: "a key in PEM", got: "what cannot be read\(detail)")
        case ZTLS_OTHER_KEY:
            return ConfigurationError(
                field: "\(field).key", expected: "the key of the first certificate", got: "another one")
        default: return ConfigurationError(field: field, expected: "memory", got: "none")
        }
    }
}

/// The certificates that others have to lead to.
///
/// SAFETY: `Sendable` is unchecked because OpenSSL's stores lock themselves.
@safe
final class Roots: @unchecked Sendable {
    let store: OpaquePointer

    /// Those of PEM, or the system's.
    init(_ source: PEMSource?, _ field: String) throws(ConfigurationError) {
        var trouble = ZTLS_FINE
        let bytes = try source?.read(field)
        let made =
            if let bytes {
                unsafe bytes.withUnsafeBytes { unsafe ztls_roots_make($0.baseAddress, $0.count, &trouble) }
            } else {
                unsafe ztls_roots_make(nil, 0, &trouble)
            }
        guard let made = unsafe made else {
            let detail = unsafe ztls_take_complaint().map { unsafe ": " + String(cString: $0) } ?? ""
            throw ConfigurationError(
                field: field, expected: source == nil ? "the system's roots" : "certificates in PEM",
                got: trouble == ZTLS_NO_CERTIFICATE ? "none" : "what cannot be read\(detail)")
        }
        unsafe store = made
    }

    deinit { unsafe X509_STORE_free(store) }
}

extension PEMSource {
    /// More than any chain has, or any list of roots.
    private static var fileBytesMax: Int { 4 << 20 }

    /// The bytes. `field` names the source in complaints.
    func read(_ field: String) throws(ConfigurationError) -> [UInt8] {
        let path: String
        switch self {
        case .bytes(let bytes) where bytes.count > Self.fileBytesMax:
            throw ConfigurationError(
                field: field, expected: "at most \(Self.fileBytesMax) bytes", got: "\(bytes.count)")
        case .bytes(let bytes): return bytes
        case .file(let name): path = name
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                field: field, expected: "a file that can be read", got: "\(path): \(Errno(rawValue: errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var count = 0
        while count <= Self.fileBytesMax {
            if count == bytes.count { bytes += [UInt8](repeating: 0, count: max(16 << 10, count)) }
            let got = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe ZCLibC.read(descriptor, room.baseAddress?.advanced(by: count), room.count - count)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                throw ConfigurationError(
                    field: field, expected: "a file that can be read",
                    got: "\(path): \(Errno(rawValue: errno))")
            }
            if got == 0 { break }
            count += got
        }
        guard count <= Self.fileBytesMax else {
            throw ConfigurationError(
                field: field, expected: "a file of at most \(Self.fileBytesMax) bytes",
                got: "\(path), which is longer")
        }
        bytes.removeSubrange(count...)
        return bytes
    }
}

extension ProvenPeer {
    /// What a certificate says, with the first of its names where there are more than any client's has.
    init(certificate: OpaquePointer, namesMax: Int32 = 64) {
        var room = [UInt8](repeating: 0, count: 1024)
        let count = unsafe room.withUnsafeMutableBytes { room in
            unsafe ztls_subject(certificate, room.baseAddress, room.count)
        }
        let subject = String(decoding: room.prefix(count), as: UTF8.self)
        var names: [Name] = []
        let list = unsafe ztls_names(certificate)
        defer { unsafe ztls_names_free(list) }
        for index in 0..<min(unsafe ztls_names_count(list), namesMax) {
            var bytes: UnsafePointer<UInt8>?
            var count = 0
            let type = unsafe ztls_name(list, index, &bytes, &count)
            let value = unsafe UnsafeBufferPointer(start: bytes, count: count)
            let text = unsafe String(decoding: value, as: UTF8.self)
            // RFC 5280 4.2.1.6.
            switch type {
            case 1: names.append(.email(text))
            case 2: names.append(.host(text))
            case 6: names.append(.resource(text))
            case 7: if let address = unsafe Self.address(value) { names.append(.address(address)) }
            default: break
            }
        }
        self.init(subject: subject, names: names)
    }

    private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> IPAddress? {
        func number(_ range: Range<Int>) -> UInt64 {
            range.reduce(0) { unsafe $0 << 8 | UInt64(bytes[$1]) }
        }
        return switch bytes.count {
        case 4: IPAddress(v4: UInt32(truncatingIfNeeded: number(0..<4)))
        case 16: IPAddress(high: number(0..<8), low: number(8..<16))
        default: nil
        }
    }
}

/// A key of Ed25519 (RFC 8032), made from its seed of 32 bytes: signs what a peer wants signed, such as a
/// server of NATS.
///
/// ```swift
/// let key = Ed25519Key(seed: try NKey.seed("SU…"))
/// options.credentials = .key(NKey.user(publicKey: key.publicKey)) { nonce in key.signature(of: nonce) }
/// ```
/// **Threads.** Any. **Ownership.** OpenSSL has the secret, until the last copy of the value goes.
///
/// SAFETY: `@safe` because the key is its own, freed with it; `Sendable` is unchecked because a finished key
/// is only read, which OpenSSL allows on any thread.
@safe
public final class Ed25519Key: @unchecked Sendable {
    private let key: OpaquePointer
    /// The other half, for whoever checks signatures: 32 bytes.
    public let publicKey: [UInt8]

    /// The key of a seed; nil unless that has 32 bytes.
    public init?(seed: [UInt8]) {
        guard seed.count == 32 else { return nil }
        guard let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            return nil
        }
        var publicKey = [UInt8](repeating: 0, count: 32)
        var count = publicKey.count
        guard unsafe EVP_PKEY_get_raw_public_key(key, &publicKey, &count) == 1, count == 32 else {
            unsafe EVP_PKEY_free(key)
            return nil
        }
        unsafe self.key = key
        self.publicKey = publicKey
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Signs bytes; 64 bytes, or nil where OpenSSL has no memory for it.
    public func signature(of bytes: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            unsafe EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1, count == 64
        else { return nil }
        return signature
    }
}
#endif
