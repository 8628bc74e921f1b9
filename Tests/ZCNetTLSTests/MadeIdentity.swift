#if TLS
import COpenSSL

/// A certificate with its key, made for a test and for as long as it takes, by whoever has to have signed it.
///
/// SAFETY: `@safe` because what it points at is its own, freed with it; one thread at a time.
@safe
final class MadeIdentity {
    private let key: OpaquePointer
    private let certificate: OpaquePointer

    struct Failure: Error {}

    /// - Parameters:
    ///   - host: what a server's certificate is for; nil makes an authority.
    ///   - issuer: who signs it; nil signs it by itself.
    ///   - begin: when it begins to be valid, in seconds from now.
    ///   - end: when it ends to be.
    init(
        _ name: String, host: String? = nil, by issuer: MadeIdentity? = nil, from begin: Int = -3600,
        until end: Int = 86_400
    ) throws {
        // Ed25519
        let maker = unsafe EVP_PKEY_CTX_new_id(1087, nil)
        defer { unsafe EVP_PKEY_CTX_free(maker) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(maker) == 1, unsafe EVP_PKEY_generate(maker, &made) == 1,
            let key = unsafe made, let certificate = unsafe X509_new()
        else { throw Failure() }
        unsafe self.key = key
        unsafe self.certificate = certificate
        unsafe X509_set_version(certificate, 2)
        _ = unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1..<1 << 40))
        _ = unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), begin)
        _ = unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), end)
        let subject = unsafe X509_get_subject_name(certificate)
        // MBSTRING_UTF8
        _ = unsafe X509_NAME_add_entry_by_txt(subject, "CN", 0x1000, name, -1, -1, 0)
        let issuers = unsafe issuer.map { unsafe X509_get_subject_name($0.certificate) } ?? subject
        unsafe X509_set_issuer_name(certificate, issuers)
        unsafe X509_set_pubkey(certificate, key)
        // NID_subject_alt_name, NID_basic_constraints
        if let host {
            add(85, "DNS:\(host)")
        } else {
            add(87, "critical,CA:TRUE")
        }
        guard unsafe X509_sign(certificate, issuer?.key ?? key, nil) > 0 else { throw Failure() }
    }

    deinit {
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    private func add(_ number: Int32, _ value: String) {
        guard let extra = unsafe X509V3_EXT_conf_nid(nil, nil, number, value) else { return }
        unsafe X509_add_ext(certificate, extra, -1)
        unsafe X509_EXTENSION_free(extra)
    }

    /// The certificate as PEM.
    var pem: String { unsafe Self.text { unsafe PEM_write_bio_X509($0, certificate) } }

    /// Its key as PEM.
    var keyPEM: String {
        unsafe Self.text { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    private static func text(_ write: (OpaquePointer) -> Int32) -> String {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(memory) }
        _ = unsafe write(memory)
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = unsafe BIO_read(memory, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}
#endif
