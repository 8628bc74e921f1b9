#if TLS
import COpenSSL
import Glibc
import ZCNet

@testable import ZCNetTLS

/// A server that is nothing but OpenSSL's own `SSL` over sockets, speaks TLS 1.2 at most and echoes, one
/// connection at a time, on a thread of its own.
@safe
final class OldServer: @unchecked Sendable {
    let port: UInt16
    private let listener: Int32
    /// Whether the listener's number is still its own: `stop` must not shut what has got it since.
    private let isListening = Locked(true)
    private let context: OpaquePointer
    private let renegotiates: Bool

    /// With `renegotiates` it wants to shake hands anew behind each echo.
    init(versionMax: Int32 = 0x303, renegotiates: Bool = false) throws {
        self.renegotiates = renegotiates
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let result = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let isBound = unsafe bind(listener, address, size) == 0 && listen(listener, 8) == 0
                return unsafe isBound && getsockname(listener, address, &size) == 0
            }
        }
        guard result, let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw TLSClient.Failure(description: "no server")
        }
        port = UInt16(bigEndian: address.sin_port)
        unsafe self.context = context
        let credentials = try Self.credentials()
        unsafe SSL_CTX_use_cert_and_key(
            context, credentials.place.pointee.leaf, credentials.place.pointee.key, nil, 1)
        // SSL_CTX_set_max_proto_version
        _ = unsafe SSL_CTX_ctrl(context, 124, Int(versionMax), nil)
        try PosixThread(name: "old server") { [self] in serve() }.detach()
    }

    private static func credentials() throws -> Credentials {
        try Credentials(
            TLSCertificate(chain: pem(TestAuthority.siteA), key: pem(TestAuthority.siteAKey)), "old")
    }

    private func serve() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let ssl = unsafe SSL_new(context)
            unsafe SSL_set_fd(ssl, descriptor)
            var room = [UInt8](repeating: 0, count: 20_000)
            if unsafe SSL_accept(ssl) == 1 {
                while true {
                    let got = unsafe SSL_read(ssl, &room, Int32(room.count))
                    if got <= 0 { break }
                    _ = unsafe SSL_write(ssl, room, got)
                    guard renegotiates else { continue }
                    if unsafe SSL_renegotiate(ssl) != 1 || SSL_do_handshake(ssl) != 1 { break }
                }
                _ = unsafe SSL_shutdown(ssl)
            }
            unsafe SSL_free(ssl)
            close(descriptor)
        }
        unsafe SSL_CTX_free(context)
        isListening.withLock { isListening in
            isListening = false
            close(listener)
        }
    }

    func stop() {
        isListening.withLock { isListening in
            if isListening { shutdown(listener, Int32(SHUT_RDWR)) }
        }
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
    let path: String
    private var names: Set<String> = ["socket"]

    init() throws {
        var template = Array("/tmp/zcnet-tls-XXXXXX\0".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw TLSClient.Failure(description: "no folder") }
        path = unsafe String(cString: made)
    }

    /// Writes a file, and answers its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        names.insert(name)
        let file = "\(path)/\(name)"
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw TLSClient.Failure(description: "no file \(file)") }
        defer { close(descriptor) }
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TLSClient.Failure(description: "cannot write \(file)")
        }
        return file
    }

    deinit {
        for name in names { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }
}
#endif
