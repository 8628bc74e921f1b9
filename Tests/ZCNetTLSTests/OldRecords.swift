#if TLS
import COpenSSL

/// Seals records of TLS 1.2 as a client of `ECDHE-ECDSA-AES128-GCM-SHA256`, with whatever is in them: what an
/// honest library would not send (RFC 5246, 6.2; RFC 5288, 3).
///
/// It goes on where the client's own `SSL` stands, which must not send any more.
@safe
struct OldRecords {
    private let key: [UInt8]
    private let salt: [UInt8]
    /// The number of the next record.
    var sequence: UInt64

    struct Failure: Error {}

    /// - Parameter sent: how many records the client has sent since it changed its cipher, its Finished
    ///   among them.
    init(_ client: TLSClient, sent: UInt64) {
        var master = [UInt8](repeating: 0, count: 48)
        var random = (client: [UInt8](repeating: 0, count: 32), server: [UInt8](repeating: 0, count: 32))
        let ssl = unsafe client.ssl
        _ = unsafe SSL_SESSION_get_master_key(SSL_get_session(ssl), &master, 48)
        _ = unsafe SSL_get_client_random(ssl, &random.client, 32)
        _ = unsafe SSL_get_server_random(ssl, &random.server, 32)
        let block = Self.expand(master, Array("key expansion".utf8) + random.server + random.client, 40)
        key = Array(block[..<16])
        salt = Array(block[32..<36])
        sequence = sent
    }

    /// P_SHA256 (RFC 5246, 5).
    private static func expand(_ secret: [UInt8], _ seed: [UInt8], _ count: Int) -> [UInt8] {
        var made: [UInt8] = []
        var link = seed
        while made.count < count {
            link = sum(secret, link)
            made += sum(secret, link + seed)
        }
        return Array(made[..<count])
    }

    private static func sum(_ secret: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        var made = [UInt8](repeating: 0, count: 32)
        var size: UInt32 = 0
        _ = unsafe HMAC(
            EVP_sha256(), secret, Int32(secret.count), bytes, bytes.count, &made, &size)
        return made
    }

    /// A record; a changed one has a wrong tag.
    mutating func sealed(_ type: UInt8, _ content: [UInt8], isChanged: Bool = false) throws -> [UInt8] {
        let number = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * $0)) }
        sequence += 1
        let length = [UInt8(content.count >> 8), UInt8(truncatingIfNeeded: content.count)]
        let more = number + [type, 3, 3] + length
        var body = [UInt8](repeating: 0, count: content.count)
        var (tag, made) = ([UInt8](repeating: 0, count: 16), Int32(0))
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let nonce = salt + number
        var isRight = unsafe EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, nonce) == 1
        isRight = unsafe isRight && EVP_EncryptUpdate(context, nil, &made, more, Int32(more.count)) == 1
        isRight =
            unsafe isRight
            && (content.isEmpty
                || EVP_EncryptUpdate(context, &body, &made, content, Int32(content.count)) == 1)
        isRight = unsafe isRight && EVP_EncryptFinal_ex(context, &tag, &made) == 1
        // EVP_CTRL_AEAD_GET_TAG
        isRight = unsafe isRight && EVP_CIPHER_CTX_ctrl(context, 0x10, 16, &tag) == 1
        guard isRight else { throw Failure() }
        if isChanged { tag[0] ^= 1 }
        let size = 8 + body.count + 16
        return [type, 3, 3, UInt8(size >> 8), UInt8(truncatingIfNeeded: size)] + number + body + tag
    }
}
#endif
