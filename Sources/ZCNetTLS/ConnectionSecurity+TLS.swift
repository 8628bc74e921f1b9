#if TLS
import COpenSSL
import ZCNet

extension ConnectionSecurity {
    /// TLS by the system's OpenSSL 3.
    ///
    /// Reads certificate and key at once, and keeps them; what is wrong with them is said here.
    ///
    /// The memory of an idle connection grows by about 300 bytes: OpenSSL's own objects live for the
    /// handshake only.
    public static func tls(_ configuration: TLSServerConfiguration) throws -> ConnectionSecurity {
        try configuration.validate()
        let credentials = try Credentials(configuration)
        // All loops take each other's tickets.
        var keys = [UInt8](repeating: 0, count: ZTLS_TICKET_KEY_BYTES)
        guard unsafe keys.withUnsafeMutableBufferPointer({ unsafe ztls_random($0.baseAddress, $0.count) })
        else {
            throw ConfigurationError(field: "sessionTickets", expected: "random bytes for keys", got: "none")
        }
        // What the context refuses is said now, not when a server begins.
        _ = try HandshakeBench(credentials, configuration, ticketKeys: keys)
        let ticketKeys = keys
        // What the loops need of it; the key is not kept a second time.
        var kept = configuration
        (kept.privateKey, kept.passphrase) = (.bytes([]), nil)
        let settings = kept
        return ConnectionSecurity { host, next, admission in
            let bench = try HandshakeBench(credentials, settings, ticketKeys: ticketKeys)
            let timeout = settings.handshakeTimeout
            let role = ConnectionRole.serving(ConnectionLimits(), admission) {
                HandshakeEntry(bench: bench, timeout: timeout, next: next)
            }
            return host.add(role)
        }
    }
}
#endif
