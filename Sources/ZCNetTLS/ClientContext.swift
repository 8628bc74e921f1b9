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

/// What a client may come back to servers with. Behind a lock that a handshake takes once or twice.
///
/// **Limits.** So many sessions in all, and four to a server, the oldest let go first.
final class SessionCache: Sendable {
    private let state: Locked<State>
    private let max: Int

    private struct State {
        var sessions: [String: [Session]] = [:]
        /// Whose sessions came first; servers without a session any more may be among them.
        var order: [String] = []
        var count = 0

        /// Lets go of a server's oldest session.
        mutating func drop(_ key: String) {
            guard sessions[key]?.isEmpty == false else { return }
            sessions[key]?.removeFirst()
            count -= 1
            if sessions[key]?.isEmpty == true { sessions[key] = nil }
        }
    }

    /// A session with its one owner.
    ///
    /// SAFETY: `Sendable` is unchecked because sessions never change once they are made, and OpenSSL counts
    /// their uses atomically.
    @safe
    final class Session: @unchecked Sendable {
        let place: OpaquePointer

        /// Takes over one use.
        init(_ place: OpaquePointer) { unsafe self.place = place }

        deinit { unsafe SSL_SESSION_free(place) }

        /// RFC 8446 C.4: a ticket is used once, or who watches could tell that the same client is back.
        var isForOneUse: Bool { unsafe SSL_SESSION_get_protocol_version(place) >= TLS1_3_VERSION }
    }

    init(max: Int) {
        self.max = max
        state = Locked(State())
    }

    private static let perServerMax = 4

    func put(_ session: Session, for key: String) {
        let most = max
        state.withLock { state in
            state.sessions[key, default: []].append(session)
            state.order.append(key)
            state.count += 1
            if state.sessions[key, default: []].count > Self.perServerMax { state.drop(key) }
            while state.count > most, let oldest = state.order.first {
                state.order.removeFirst()
                state.drop(oldest)
            }
            // Entries of sessions that were taken are left behind; there are never many.
            if state.order.count > 2 * most + Self.perServerMax {
                var seen: [String: Int] = [:]
                state.order = state.order.reversed().filter { key in
                    seen[key, default: 0] += 1
                    return seen[key, default: 0] <= state.sessions[key, default: []].count
                }.reversed()
            }
        }
    }

    /// The newest session with a server.
    func take(_ key: String) -> Session? {
        state.withLock { state in
            guard let session = state.sessions[key]?.last else { return nil }
            if session.isForOneUse {
                state.sessions[key]?.removeLast()
                state.count -= 1
                if state.sessions[key]?.isEmpty == true { state.sessions[key] = nil }
            }
            return session
        }
    }

    /// Forgets a server's sessions: it has refused one.
    func forget(_ key: String) {
        state.withLock { state in
            state.count -= state.sessions.removeValue(forKey: key)?.count ?? 0
        }
    }

    var count: Int { state.withLock { $0.count } }
}

/// Keeps a client's `SSL` until the session tickets are here that follow a handshake of TLS 1.3: it alone can
/// make sessions of them. Let go of with the first record that is none, or with the fourth ticket.
///
/// SAFETY: `@safe` because the memory is its own, freed with it; used on its connection's loop alone.
@safe
package final class TicketTaker {
    private let shake: UnsafeMutablePointer<ztls_shake>
    private let bench: HandshakeBench
    private let cache: SessionCache
    private let key: String
    private var count = 0

    /// Takes the handshake over.
    init(
        _ shake: UnsafeMutablePointer<ztls_shake>, bench: HandshakeBench, cache: SessionCache, key: String
    ) {
        unsafe self.shake = shake
        self.bench = bench
        self.cache = cache
        self.key = key
    }

    deinit { unsafe ztls_shake_free(shake) }

    /// Sets a record aside as it came, before it is opened in place.
    func keep(_ record: UnsafePointer<UInt8>, _ bytes: Int) {
        unsafe ztls_scratch(bench.loop).update(from: record, count: bytes)
    }

    /// Shows `SSL` the record that was kept last; false where no more are wanted.
    func show(_ bytes: Int) -> Bool {
        let isRight = unsafe ztls_shake_show(bench.loop, shake, ztls_scratch(bench.loop), bytes)
        count += unsafe cache.take(from: shake, for: key)
        return isRight && count < Int(ZTLS_SESSIONS_MAX)
    }
}

extension SessionCache {
    /// Keeps what an `SSL` was given to come back with; answers how many that are.
    @discardableResult
    func take(from shake: UnsafeMutablePointer<ztls_shake>, for key: String) -> Int {
        let count = unsafe Int(shake.pointee.sessions_count)
        unsafe withUnsafeBytes(of: &shake.pointee.sessions) { places in
            let all = unsafe places.assumingMemoryBound(to: OpaquePointer?.self)
            for index in 0..<count {
                if let place = unsafe all[index] { put(unsafe Session(place), for: key) }
            }
        }
        unsafe shake.pointee.sessions_count = 0
        return count
    }
}

extension SecurityError {
    /// Why a client's handshake failed.
    init(_ shake: UnsafeMutablePointer<ztls_shake>, meantFor name: String, _ complaint: String) {
        let blame = unsafe shake.pointee.blame
        if blame != 0 {
            let words = unsafe String(cString: X509_verify_cert_error_string(Int(blame)))
            let certificate = unsafe shake.pointee.blamed.map { unsafe ProvenPeer(certificate: $0) }
            self = Self.ofCertificate(blame, words, certificate, meantFor: name)
            return
        }
        let (sent, received) = unsafe (shake.pointee.sent_alert, shake.pointee.received_alert)
        if received >= 0 {
            let words = unsafe String(cString: ztls_alert_name(received))
            self.init(
                .refused, expected: "a server that agrees to what this client offers",
                got: "its alert \(received) (\(words))")
            return
        }
        let alert = sent < 0 ? "" : unsafe "; sent alert \(sent) (\(String(cString: ztls_alert_name(sent))))"
        self.init(
            .handshake, expected: "a handshake of TLS that both sides agree to (RFC 8446 4)",
            got: complaint + alert)
    }

    private static func ofCertificate(
        _ blame: Int32, _ words: String, _ certificate: ProvenPeer?, meantFor name: String
    ) -> SecurityError {
        let subject = certificate.map { " (\($0.subject.isEmpty ? "no subject" : $0.subject))" } ?? ""
        switch blame {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            let names = certificate?.names.prefix(8).map(\.text).joined(separator: ", ") ?? ""
            return SecurityError(
                .name, expected: "a certificate for \(name)",
                got: "one for \(names.isEmpty ? "nobody" : names)\(subject)")
        case X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED,
            X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
            return SecurityError(
                .validity, expected: "a certificate that is valid now", got: words + subject)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            return SecurityError(
                .untrusted, expected: "a certificate that leads to a trusted root", got: words + subject)
        case X509_V_ERR_CERT_REVOKED:
            return SecurityError(
                .revoked, expected: "a certificate that its issuer stands by", got: words + subject)
        default:
            return SecurityError(
                .certificate, expected: "a certificate that proves who the server is", got: words + subject)
        }
    }
}

extension ProvenPeer.Name {
    /// The name with what it names.
    var text: String {
        switch self {
        case .host(let name): name
        case .email(let mailbox): "email:\(mailbox)"
        case .resource(let resource): resource
        case .address(let address): "\(address)"
        }
    }
}
#endif
