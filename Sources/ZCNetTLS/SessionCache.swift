#if TLS
import COpenSSL
import ZCNet

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
#endif
