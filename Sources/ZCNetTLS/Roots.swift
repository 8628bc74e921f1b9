#if TLS
import COpenSSL
import ZCNet

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
#endif
