/// What every lent connection handle is made of: the slot, and the host that serves it. Two plain words.
///
/// SAFETY: `@safe` because a base exists only within a callback of its host, on the host's thread: the host
/// is alive, and a slot's memory is never freed before the host. Handles built on it are `~Escapable`, so
/// they end with the callback.
@safe @frozen
@usableFromInline
package struct ConnectionBase {
    @usableFromInline package let slot: LoopOwned<ConnectionSlot>
    @usableFromInline let hostReference: Unmanaged<ConnectionHost>

    init(slot: LoopOwned<ConnectionSlot>, host: ConnectionHost) {
        self.slot = slot
        unsafe hostReference = .passUnretained(host)
    }

    /// Runs `body` with the host, which is not retained for it. For this module's own handles; others have
    /// the verbs of `+Verbs`.
    @inlinable @inline(__always)
    func withHost<Result>(_ body: (ConnectionHost) -> Result) -> Result {
        unsafe hostReference._withUnsafeGuaranteedRef(body)
    }

    /// Whether the connection is not on its way out.
    @inlinable @inline(__always)
    package var takesAnswers: Bool { slot[].flags.isDisjoint(with: [.closing, .connecting]) }

    /// Whether the peer has not said yet what it wants, or who it is.
    package var isStranger: Bool { slot[].flags.contains(.stranger) }

    /// Whether this side, and not blocked output, keeps the peer from being read.
    package var isHeldBack: Bool {
        !slot[].flags.isDisjoint(with: [.pausedByApplication, .pausedByRate, .pausedForMemory])
    }

    /// Whether nothing is received from the peer at the moment, for whatever reason of this side's.
    package var isPaused: Bool { !slot[].flags.isDisjoint(with: .paused) }

    /// Whether blocked output keeps the peer from being read.
    package var isPressed: Bool { slot[].flags.contains(.pausedByPressure) }

    /// Whether output is above the high watermark or was refused, so that `onWritable` is owed.
    package var owesWritable: Bool { slot[].flags.contains(.writableOwed) }

    /// When this turn of the loop began.
    @inlinable @inline(__always)
    package var turnBegan: MonotonicInstant { withHost { $0.turn[].began } }

    /// Whether the running callback may go on to deliver: nobody has paused, closed or failed the connection.
    @inlinable @inline(__always)
    package var takesMore: Bool { slot[].flags.isDisjoint(with: [.pausedByApplication, .closing]) }
}
