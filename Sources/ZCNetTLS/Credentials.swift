#if TLS
import COpenSSL
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
#endif
