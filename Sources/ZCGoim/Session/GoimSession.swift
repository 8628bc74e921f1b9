import ZCNet

/// What the library keeps for every goim connection, beside the connection's slot: plain fields, and a
/// reference to what only an authenticated one has.
@frozen
@usableFromInline
package struct GoimSession {
    @usableFromInline package var flags: Flags
    /// Where the connection stands among the members of its loop, and of its room there; -1 is nowhere.
    @usableFromInline package var memberPlace: Int32 = -1
    @usableFromInline package var roomPlace: Int32 = -1
    /// When it was last heard of: opened, authenticated, or a heartbeat.
    @usableFromInline package var heardAt = MonotonicInstant.zero
    /// The handshake's limit, then the heartbeat's.
    @usableFromInline package var timer = TimerID.none
    /// Identity, room, subscriptions; made when somebody authenticates.
    @usableFromInline package var handle: GoimHandle?

    @usableFromInline
    package init(_ flags: Flags) { self.flags = flags }

    /// What is true of the connection.
    @frozen
    @usableFromInline
    package struct Flags: OptionSet, Sendable {
        @usableFromInline package let rawValue: UInt16
        @inlinable
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Authenticated.
        @inlinable package static var open: Flags { Flags(rawValue: 1) }
        /// The application has not decided yet; nothing is read meanwhile.
        @inlinable package static var deciding: Flags { Flags(rawValue: 1 << 1) }
        /// On its way out: what still comes is dropped.
        @inlinable package static var over: Flags { Flags(rawValue: 1 << 2) }
        /// The proto at hand was answered, or shall not be.
        @inlinable package static var replied: Flags { Flags(rawValue: 1 << 3) }
        /// Over WebSocket.
        @inlinable package static var webSocket: Flags { Flags(rawValue: 1 << 4) }
        /// This side is the client.
        @inlinable package static var client: Flags { Flags(rawValue: 1 << 5) }
        /// Speaks the extended header.
        @inlinable package static var extended: Flags { Flags(rawValue: 1 << 6) }
        /// Which header it speaks is known.
        @inlinable package static var formatKnown: Flags { Flags(rawValue: 1 << 7) }
        /// Messages go to a consumer's ring.
        @inlinable package static var ringed: Flags { Flags(rawValue: 1 << 8) }
    }
}

/// What the library and the application keep for one connection, side by side.
@frozen
@usableFromInline
package struct GoimState<User> {
    @usableFromInline package var session: GoimSession
    @usableFromInline package var user: User

    @inlinable
    package init(session: GoimSession, user: User) {
        self.session = session
        self.user = user
    }
}
