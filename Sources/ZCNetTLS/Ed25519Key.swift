#if TLS
import COpenSSL

/// A key of Ed25519 (RFC 8032), made from its seed of 32 bytes: signs what a peer wants signed, such as a
/// server of NATS.
///
/// ```swift
/// let key = Ed25519Key(seed: try NKey.seed("SU…"))
/// options.credentials = .key(NKey.user(publicKey: key.publicKey)) { nonce in key.signature(of: nonce) }
/// ```
/// **Threads.** Any. **Ownership.** OpenSSL has the secret, until the last copy of the value goes.
///
/// SAFETY: `Sendable` is unchecked because a finished key is only read, which OpenSSL allows on any thread.
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
