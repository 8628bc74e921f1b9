/// Who a connection is, as the application decides when it authenticates.
public struct GoimIdentity: Hashable, Sendable {
    /// Who the client is.
    public var mid: Int64
    /// Names the connection; a connection that has the same key already is closed. Empty makes one up.
    public var key: String
    /// The room to begin in; nil is none.
    public var room: String?
    /// Which operations may be pushed to it, at most the options' `acceptsMax`.
    public var accepts: [GoimOperation]
    /// How often its heartbeats are expected; nil takes the options'.
    public var heartbeat: Duration?

    /// Somebody.
    public init(
        mid: Int64 = 0, key: String = "", room: String? = nil, accepts: [GoimOperation] = [],
        heartbeat: Duration? = nil
    ) {
        self.mid = mid
        self.key = key
        self.room = room
        self.accepts = accepts
        self.heartbeat = heartbeat
    }

    /// Whoever a token says.
    public init(_ token: GoimToken) {
        self.init(
            mid: token.mid, key: token.key, room: token.room.isEmpty ? nil : token.room,
            accepts: token.accepts)
    }
}

/// What the application says to somebody who authenticates.
public enum GoimVerdict: Hashable, Sendable {
    /// Come in.
    case accept(GoimIdentity)
    /// Stay out: the connection closes with this reason.
    case refuse(String)
    /// A ``GoimPromise`` will tell. The connection is not read from meanwhile, holds up nobody, and the
    /// handshake timeout goes on.
    case later
}
