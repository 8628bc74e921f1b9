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
#endif
