#if TLS
import COpenSSL
import ZCNet

/// A client's side of TLS, shared by its loops.
///
/// SAFETY: `Sendable` is unchecked because what it holds is only read once it is made; OpenSSL counts the
/// uses of its context atomically.
@safe
final class ClientContext: @unchecked Sendable {
    let place: OpaquePointer
    let sessions: SessionCache?
    let pins: [[UInt8]]
    let verifies: Bool
    let handshakesUnderWayMax: Int
    private let serverName: String?

    /// Whom a connection is meant for.
    struct Target {
        let name: String
        let isAddress: Bool
        /// What its sessions are kept under.
        let key: String
    }

    init(_ configuration: TLSClientConfiguration) throws(ConfigurationError) {
        try configuration.validate()
        var roots: Roots?
        switch configuration.trust {
        case .system: roots = try Roots(nil, "trust")
        case .roots(let source): roots = try Roots(source, "trust")
        case .anybodyInsecurely: break
        }
        var credentials: Credentials?
        if let certificate = configuration.certificate {
            credentials = try Credentials(certificate, "certificate")
        }
        let protocols = try wireProtocols(configuration.applicationProtocols)
        let made = unsafe protocols.withUnsafeBufferPointer { protocols in
            var settings = unsafe ztls_visitor_settings()
            unsafe settings.roots = roots?.store
            unsafe settings.credentials = UnsafePointer(credentials?.place)
            unsafe settings.protocols = protocols.baseAddress
            unsafe settings.protocols_count = protocols.count
            unsafe settings.allows_12 = configuration.versions == .intermediate
            unsafe settings.keeps_sessions = configuration.sessionsMax > 0
            return unsafe ztls_visitor_make(&settings)
        }
        guard let made = unsafe made else {
            let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) }
            throw ConfigurationError(
                field: "certificate", expected: "what the system's OpenSSL connects with",
                got: complaint ?? "a refusal")
        }
        unsafe place = made
        sessions = configuration.sessionsMax > 0 ? SessionCache(max: configuration.sessionsMax) : nil
        pins = configuration.pins
        verifies = roots != nil
        handshakesUnderWayMax = configuration.handshakesUnderWayMax
        serverName = configuration.serverName
    }

    deinit { unsafe SSL_CTX_free(place) }

    /// Nil where an endpoint names nobody, and the configuration neither.
    func target(_ endpoint: Endpoint) -> Target? {
        let (host, key): (String?, String) =
            switch endpoint {
            case .host(let name, let port): (name, "\(name):\(port)")
            case .address(.ip(let address, let port)): (address.description, "\(address):\(port)")
            case .address(let other): (nil, other.description)
            }
        guard var name = serverName ?? host ?? (verifies ? nil : "localhost") else { return nil }
        // The root's dot is no part of a name in certificates, nor in what is asked for (RFC 6066 3).
        if name.hasSuffix(".") { name.removeLast() }
        return Target(name: name, isAddress: IPAddress(name) != nil, key: "\(key) \(name)")
    }
}
#endif
