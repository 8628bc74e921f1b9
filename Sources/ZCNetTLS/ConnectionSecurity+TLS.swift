#if TLS
import COpenSSL
import ZCNet

extension ConnectionSecurity {
    /// TLS by the system's OpenSSL 3, for a server that reads its certificates once.
    ///
    /// What is wrong with certificates and keys is said here. The memory of an idle connection of TLS 1.3
    /// grows by about 300 bytes: OpenSSL's own objects live for the handshake only.
    public static func tls(_ configuration: TLSServerConfiguration) throws -> ConnectionSecurity {
        .tls(try TLSServer(configuration))
    }

    /// TLS whose certificates may be read anew while the server runs.
    public static func tls(_ server: TLSServer) -> ConnectionSecurity {
        ConnectionSecurity { host, next, admission in
            // Each costs some 10 µs to take on and as much to hear from first, beside a step of a handshake.
            host.limitArrivals(perTurn: 8)
            let bench = try HandshakeBench(underWayMax: server.handshakesUnderWayMax)
            let entry = HandshakeEntry(
                bench: bench, side: .server(server), places: admission.handshakes, next: next)
            return entry.install(on: host, admission)
        }
    }
}

extension ClientSecurity {
    /// TLS by the system's OpenSSL 3.
    ///
    /// ```swift
    /// var configuration = WebSocketClient.Configuration()
    /// configuration.tcp.security = try .tls()
    /// ```
    /// What is wrong with the configuration is said here. Connections made by one value come back to servers
    /// with each other's sessions. A server that wants a certificate and gets none, or a wrong one, says so
    /// only behind the handshake of TLS 1.3: such a connection comes up, and ends with the server's alert.
    public static func tls(
        _ configuration: TLSClientConfiguration = TLSClientConfiguration()
    ) throws -> ClientSecurity {
        .tls(try ClientContext(configuration))
    }

    static func tls(_ context: ClientContext) -> ClientSecurity {
        ClientSecurity { host, next in
            let bench = try HandshakeBench(underWayMax: context.handshakesUnderWayMax)
            let entry = HandshakeEntry(bench: bench, side: .client(context), places: nil, next: next)
            return entry.install(on: host, nil)
        } begin: { base, place, greeting in
            // The connection has just come up as the entry's, so its state is what lies there.
            HandshakeEntry.begin(context, greeting, Connection<Handshake>(base: base, place))
        }
    }
}
#endif
