import Glibc

#if TLS
import COpenSSL
#endif

/// A blocking socket, perhaps with OpenSSL's own `SSL` over it. Used on one thread.
@safe
final class Link {
    private let descriptor: Int32
    #if TLS
    private var context: OpaquePointer?
    private var ssl: OpaquePointer?
    #endif

    init(_ descriptor: Int32, isSecure: Bool) throws(Failure) {
        self.descriptor = descriptor
        guard isSecure else { return }
        #if TLS
        unsafe context = SSL_CTX_new(TLS_client_method())
        unsafe ssl = SSL_new(context)
        unsafe SSL_set_fd(ssl, descriptor)
        guard unsafe SSL_connect(ssl) == 1 else { throw Failure("no handshake") }
        #else
        throw Failure("no TLS without its trait")
        #endif
    }

    deinit {
        #if TLS
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
        #endif
        close(descriptor)
    }

    func send(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if TLS
        if let ssl = unsafe ssl { return unsafe Int(SSL_write(ssl, bytes, Int32(count))) }
        #endif
        return unsafe Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    }

    func receive(_ room: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if TLS
        if let ssl = unsafe ssl { return unsafe Int(SSL_read(ssl, room, Int32(count))) }
        #endif
        return unsafe recv(descriptor, room, count, 0)
    }
}
