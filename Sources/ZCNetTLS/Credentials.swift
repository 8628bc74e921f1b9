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

    init(_ configuration: TLSServerConfiguration) throws(ConfigurationError) {
        let chain = try Self.read(configuration.certificateChain, "certificateChain")
        var key = try Self.read(configuration.privateKey, "privateKey")
        defer { unsafe key.withUnsafeMutableBytes { unsafe ztls_wipe($0.baseAddress, $0.count) } }
        var trouble = ZTLS_FINE
        let made = unsafe chain.withUnsafeBytes { chain in
            unsafe key.withUnsafeBytes { key in
                unsafe Self.make(chain, key, configuration.passphrase, &trouble)
            }
        }
        guard let made = unsafe made else { throw Self.error(trouble, configuration) }
        unsafe place = made
    }

    deinit { unsafe ztls_credentials_free(place) }

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

    private static func error(
        _ trouble: ztls_trouble, _ configuration: TLSServerConfiguration
    ) -> ConfigurationError {
        let detail = unsafe ztls_take_complaint().map { unsafe ": " + String(cString: $0) } ?? ""
        switch trouble {
        case ZTLS_NO_CERTIFICATE:
            return ConfigurationError(
                field: "certificateChain", expected: "certificates in PEM", got: "none")
        case ZTLS_BAD_CERTIFICATE:
            return ConfigurationError(
                field: "certificateChain", expected: "certificates in PEM",
                got: "what cannot be read\(detail)")
        case ZTLS_ENCRYPTED_KEY:
            return ConfigurationError(
                field: "passphrase", expected: "the one that the key is encrypted with",
                got: configuration.passphrase == nil ? "none" : "another one")
        case ZTLS_BAD_KEY:
            return ConfigurationError(
                field: "privateKey", expected: "a key in PEM", got: "what cannot be read\(detail)")
        case ZTLS_OTHER_KEY:
            return ConfigurationError(
                field: "privateKey", expected: "the key of the first certificate", got: "another one")
        default: return ConfigurationError(field: "certificateChain", expected: "memory", got: "none")
        }
    }

    /// More than any chain has.
    private static let fileBytesMax = 1 << 20

    private static func read(_ pem: TLSServerConfiguration.PEM, _ field: String) throws(ConfigurationError)
        -> [UInt8]
    {
        let path: String
        switch pem {
        case .bytes(let bytes) where bytes.count > fileBytesMax:
            throw ConfigurationError(
                field: field, expected: "at most \(fileBytesMax) bytes", got: "\(bytes.count)")
        case .bytes(let bytes): return bytes
        case .file(let name): path = name
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                field: field, expected: "a file that can be read", got: "\(path): \(Errno(rawValue: errno))")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: fileBytesMax + 1)
        var count = 0
        while count < bytes.count {
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
        guard count <= fileBytesMax else {
            throw ConfigurationError(
                field: field, expected: "a file of at most \(fileBytesMax) bytes",
                got: "\(path), which is longer")
        }
        bytes.removeSubrange(count...)
        return bytes
    }
}
#endif
