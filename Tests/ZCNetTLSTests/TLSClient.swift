#if TLS
import COpenSSL
import Glibc
import ZCNet

/// A blocking client that is nothing but OpenSSL's own `SSL` over a socket. Used on one thread.
@safe
final class TLSClient {
    private let context: OpaquePointer
    let ssl: OpaquePointer
    let descriptor: Int32
    private let isSlow: Bool

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Connects and shakes hands, with one suite of TLS 1.3, or with TLS 1.2 at most.
    ///
    /// A slow one sends each byte in a segment of its own.
    init(
        port: UInt16, suite: String? = nil, versionMax: Int32 = TLS1_3_VERSION, protocols: [UInt8] = [],
        oldSuite: String? = nil, wantsStaple: Bool = false, isSlow: Bool = false
    ) throws {
        descriptor = try Self.connect(port)
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw Failure(description: "no context")
        }
        if let suite { _ = unsafe SSL_CTX_set_ciphersuites(context, suite) }
        // SSL_CTX_set_max_proto_version
        _ = unsafe SSL_CTX_ctrl(context, 124, Int(oldSuite == nil ? versionMax : 0x303), nil)
        if let oldSuite { _ = unsafe SSL_CTX_set_cipher_list(context, oldSuite) }
        guard let ssl = unsafe SSL_new(context) else { throw Failure(description: "no SSL") }
        unsafe self.context = context
        unsafe self.ssl = ssl
        if !protocols.isEmpty { _ = unsafe SSL_set_alpn_protos(ssl, protocols, UInt32(protocols.count)) }
        // SSL_set_tlsext_status_type
        if wantsStaple { _ = unsafe SSL_ctrl(ssl, 65, 1, nil) }
        _ = unsafe SSL_set_fd(ssl, descriptor)
        self.isSlow = isSlow
        try check("handshake", unsafe SSL_connect(ssl))
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
        close(descriptor)
    }

    private static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, size)
            }
        }
        guard result == 0 else { throw Failure(description: "connect: \(errno)") }
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    private func check(_ what: String, _ result: Int32) throws {
        if result > 0 { return }
        let code = unsafe SSL_get_error(ssl, result)
        let words = unsafe ztls_take_complaint().map { unsafe String(cString: $0) } ?? "no reason"
        throw Failure(description: "\(what): \(code): \(words)")
    }

    var suite: UInt16 { unsafe SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl)) }

    var chosenProtocol: String {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &count)
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// What an OCSP responder says of the server's certificate, as the server has shown it.
    var staple: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        // SSL_get_tlsext_status_ocsp_resp
        let count = unsafe withUnsafeMutablePointer(to: &bytes) { unsafe SSL_ctrl(ssl, 70, 0, $0) }
        return count < 0 ? [] : unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    func renegotiate() {
        _ = unsafe SSL_renegotiate(ssl)
        _ = unsafe SSL_do_handshake(ssl)
    }

    func send(_ bytes: [UInt8]) throws {
        if isSlow { return try sendSlowly(bytes) }
        try check("write", unsafe SSL_write(ssl, bytes, Int32(bytes.count)))
    }

    private func sendSlowly(_ bytes: [UInt8]) throws {
        let memory = unsafe BIO_new(BIO_s_mem())
        guard let memory = unsafe memory else { throw Failure(description: "no memory") }
        let socket = unsafe SSL_get_wbio(ssl)
        unsafe BIO_up_ref(socket)
        unsafe BIO_up_ref(memory)
        unsafe SSL_set0_wbio(ssl, memory)
        try check("write", unsafe SSL_write(ssl, bytes, Int32(bytes.count)))
        var byte: UInt8 = 0
        while unsafe BIO_read(memory, &byte, 1) == 1 { sendRaw([byte]) }
        unsafe SSL_set0_wbio(ssl, socket)
        unsafe BIO_free(memory)
    }

    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try receiveSome(most: count - bytes.count)
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// Nothing where the server said close_notify.
    func receiveSome(most: Int = 65536) throws -> [UInt8] {
        let count = most
        var room = [UInt8](repeating: 0, count: count)
        let got = unsafe SSL_read(ssl, &room, Int32(count))
        // SSL_ERROR_ZERO_RETURN
        if unsafe got <= 0 && SSL_get_error(ssl, got) == 6 { return [] }
        try check("read", got)
        return Array(room.prefix(Int(got)))
    }

    /// Sends and receives at the same time, as much as there is.
    func echo(_ bytes: [UInt8], step: Int) throws -> [UInt8] {
        var answer: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            try send(Array(bytes[start..<end]))
            start = end
            answer += try receive(end - answer.count)
        }
        return answer
    }

    func updateKeys(asking: Bool) throws { try check("update", unsafe SSL_key_update(ssl, asking ? 1 : 0)) }

    /// Says close_notify.
    func sayEnd() { _ = unsafe SSL_shutdown(ssl) }

    /// Ends the stream without a word.
    func cutOff() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Sends bytes beside TLS.
    func sendRaw(_ bytes: [UInt8]) {
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// Runs what blocks on a thread of its own: the cooperative pool is as small as the machine.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await awaitedAnswer { (answer: AwaitedAnswer<Result<Value, any Error>>) in
        do {
            try PosixThread(name: "client") { answer.give(Result { try body() }) }.detach()
        } catch {
            answer.give(.failure(error))
        }
    }.get()
}
#endif
