#if TLS
import COpenSSL
import ZCNet

/// A server's side of TLS, whose certificates can be read anew while it serves.
///
/// ```swift
/// let tls = try TLSServer(TLSServerConfiguration(
///     certificateChain: .file("fullchain.pem"), privateKey: .file("privkey.pem")))
/// configuration.tcp.security = .tls(tls)
/// …
/// try tls.reload()    // the files have changed
/// ```
/// **Threads.** Any. One may serve several servers.
public final class TLSServer: Sendable {
    /// What is used by the handshakes that begin now.
    private let state: Locked<State>
    let handshakeTimeout: Duration
    let handshakesUnderWayMax: Int

    private struct State {
        var configuration: TLSServerConfiguration
        var house: ServerHouse
    }

    /// Reads certificates and keys; what is wrong with them is said here.
    public init(_ configuration: TLSServerConfiguration) throws(ConfigurationError) {
        let house = try ServerHouse(configuration, since: nil)
        handshakeTimeout = configuration.handshakeTimeout
        handshakesUnderWayMax = configuration.handshakesUnderWayMax
        state = Locked(State(configuration: configuration.withoutKeys, house: house))
    }

    /// Reads all files anew: certificates, keys, staples and roots. What was given as bytes stays.
    ///
    /// Handshakes that begin from now on use what was read; connections go on as they are. Where anything is
    /// wrong, nothing changes, and what is wrong is thrown. Where clients are authenticated their sessions
    /// are forgotten, as whom they were trusted by may be another now.
    public func reload() throws(ConfigurationError) {
        let (configuration, before) = state.withLock { ($0.configuration, $0.house) }
        let house = try ServerHouse(configuration, since: before)
        // Whoever was faster has read the same files, or has another configuration.
        state.withLock { if $0.house === before { $0.house = house } }
    }

    /// Goes over to another configuration, as `reload` does; `handshakeTimeout` and `handshakesUnderWayMax`
    /// stay.
    public func reload(_ configuration: TLSServerConfiguration) throws(ConfigurationError) {
        let before = state.withLock { $0.house }
        let house = try ServerHouse(configuration, since: before, readsAll: true)
        let kept = configuration.withoutKeys
        state.withLock { $0 = State(configuration: kept, house: house) }
    }

    /// Has a new key seal session tickets from now on, as happens by itself once per `sessionLifetime`.
    public func rotateTicketKeys() {
        let house = house
        _ = unsafe ztls_tickets_rotate(house.tickets.place)
    }

    var house: ServerHouse { state.withLock { $0.house } }
}

extension TLSServerConfiguration {
    /// What a reload needs: a key that was given as bytes is with its certificate already.
    fileprivate var withoutKeys: TLSServerConfiguration {
        var copy = self
        for index in copy.certificates.indices {
            if copy.certificates[index].isAtHand { copy.certificates[index].key = .bytes([]) }
        }
        return copy
    }
}

extension TLSCertificate {
    /// Whether there is no file to read the certificate or its key from anew.
    var isAtHand: Bool {
        if case .bytes = chain, case .bytes = key { true } else { false }
    }
}

/// All that the handshakes of a server need that begin between one reload and the next.
///
/// SAFETY: `Sendable` is unchecked because what it holds is only read once it is made; OpenSSL counts the
/// uses of its contexts atomically. Whoever shakes hands keeps it alive.
@safe
final class ServerHouse: @unchecked Sendable {
    let place: UnsafeMutablePointer<ztls_house>
    let tickets: TicketKeys
    private let credentials: [Credentials]
    private let roots: Roots?

    /// Reads everything; with an earlier house only what is in files, unless `readsAll`.
    init(_ configuration: TLSServerConfiguration, since before: ServerHouse?, readsAll: Bool = false)
        throws(ConfigurationError)
    {
        try configuration.validate()
        var all: [Credentials] = []
        for (index, certificate) in configuration.certificates.enumerated() {
            let field = "certificates[\(index)]"
            if let before, !readsAll, certificate.isAtHand {
                all.append(try Credentials(before.credentials[index], staple: certificate.staple, field))
            } else {
                all.append(try Credentials(certificate, field))
            }
        }
        credentials = all
        roots =
            switch configuration.clientAuthentication {
            case .off: nil
            case .wanted(let source), .required(let source): try Roots(source, "clientAuthentication")
            }
        if let before, roots == nil, before.tickets.lifetime == configuration.sessionLifetime {
            tickets = before.tickets
        } else {
            tickets = try TicketKeys(lifetime: configuration.sessionLifetime)
        }
        let protocols = try wireProtocols(configuration.applicationProtocols)
        guard let place = unsafe ztls_house_make(all.count, protocols, protocols.count) else {
            throw ConfigurationError(field: "certificates", expected: "memory", got: "none")
        }
        unsafe self.place = place
        try furnish(configuration)
    }

    deinit { unsafe ztls_house_free(place) }

    private func furnish(_ configuration: TLSServerConfiguration) throws(ConfigurationError) {
        unsafe place.pointee.refuses_unknown_names = configuration.unknownNames == .areRefused
        unsafe place.pointee.allows_12 = configuration.versions == .intermediate
        unsafe place.pointee.tickets = tickets.place
        unsafe place.pointee.tickets_per_handshake = configuration.sessionTickets
        unsafe place.pointee.roots = roots?.store
        let verification =
            switch configuration.clientAuthentication {
            case .off: ZTLS_VERIFY_NOBODY
            case .wanted: ZTLS_VERIFY_WANTED
            case .required: ZTLS_VERIFY_REQUIRED
            }
        unsafe place.pointee.verification = Int32(verification)
        for (index, credentials) in credentials.enumerated() {
            var isRight = true
            for name in configuration.certificates[index].names ?? credentials.names {
                isRight = unsafe isRight && ztls_site_add_name(place, index, name)
            }
            isRight =
                unsafe isRight
                && ztls_site_open(
                    place, index, credentials.place, credentials.staple, credentials.staple.count)
            guard isRight else {
                let complaint = unsafe ztls_take_complaint().map { unsafe String(cString: $0) }
                throw ConfigurationError(
                    field: "certificates[\(index)]", expected: "what the system's OpenSSL serves with",
                    got: complaint ?? "a refusal")
            }
        }
    }
}

/// What seals session tickets.
///
/// SAFETY: `Sendable` is unchecked because what it holds is behind a lock of its own.
@safe
final class TicketKeys: @unchecked Sendable {
    let place: UnsafeMutablePointer<ztls_tickets>
    let lifetime: Duration

    init(lifetime: Duration) throws(ConfigurationError) {
        guard let place = unsafe ztls_tickets_make(lifetime.components.seconds) else {
            throw ConfigurationError(field: "sessionTickets", expected: "random bytes for keys", got: "none")
        }
        unsafe self.place = place
        self.lifetime = lifetime
    }

    deinit { unsafe ztls_tickets_free(place) }
}
#endif
