/// All that a loop knows of one connection: two cache lines of plain memory, the second seldom touched.
///
/// Slots live in the pages of the `ConnectionTable` and never move. What most connections do not have at a
/// given moment (waiting output, an unfinished message) hangs on a pointer that is nil. Whoever serves
/// connections may look at all of it; what a part of the host writes, that part's comment says.
///
/// SAFETY: `@safe` because the pointers are the host's: what they point at exists as long as they are not
/// nil.
@safe
@frozen
@usableFromInline
package struct ConnectionSlot {
    /// The id of the connection that has the slot, or 0.
    @usableFromInline package var id: ConnectionID
    @usableFromInline package var descriptor: Descriptor
    @usableFromInline var flags: Flags
    /// Output that waits; nil while everything was taken.
    @usableFromInline var outbound: UnsafeMutablePointer<Outbound>?
    /// Received bytes that the handler left unread.
    @usableFromInline var unread: UnsafeMutablePointer<UnreadBytes>?
    @usableFromInline var bytesIn: UInt64
    @usableFromInline var bytesOut: UInt64
    /// Bytes that wait in `outbound`.
    @usableFromInline package var queuedBytes: UInt32
    @usableFromInline package var outboundBytesMax: UInt32
    /// The loop's coarse time of the last byte in either direction.
    @usableFromInline var lastActivity: CoarseTime
    @usableFromInline package var role: UInt16
    @usableFromInline package var policy: OverflowPolicy

    // The second line.
    @usableFromInline package var peer: IPEndpoint
    @usableFromInline var timer: TimerID
    @usableFromInline var openedAt: CoarseTime
    /// The place of what the host keeps of a connection on its way out, or 0.
    @usableFromInline var departure: UInt32
    @usableFromInline var generation: UInt32
    /// The next free slot while this one is free.
    @usableFromInline var nextFree: UInt32
    /// What stands between the socket's bytes and the protocol's; nil for most connections.
    @usableFromInline var transform: Unmanaged<InstalledTransform>?

    /// A slot that nobody has.
    init(generation: UInt32 = 0, nextFree: UInt32 = 0) {
        id = ConnectionID(rawValue: 0)
        descriptor = .none
        flags = []
        unsafe outbound = nil
        unsafe unread = nil
        bytesIn = 0
        bytesOut = 0
        queuedBytes = 0
        outboundBytesMax = 0
        lastActivity = CoarseTime(rawValue: 0)
        role = 0
        policy = .signal
        peer = .none
        timer = .none
        openedAt = CoarseTime(rawValue: 0)
        departure = 0
        self.generation = generation
        self.nextFree = nextFree
        unsafe transform = nil
    }

    /// Whether more may be sent: neither is the connection closing, nor has this side said its last.
    @inline(__always)
    var takesOutput: Bool { flags.isDisjoint(with: [.closing, .finishing, .finishedSending]) }

    /// Bytes received so far, for protocol layers.
    package var received: UInt64 { bytesIn }

    /// What is true of the connection just now.
    @frozen
    @usableFromInline
    package struct Flags: OptionSet {
        @usableFromInline package let rawValue: UInt32

        @inlinable
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `connect` is under way; `onOpen` has not been called.
        @inlinable static var connecting: Flags { Flags(rawValue: 1) }
        /// The application asked not to be given bytes.
        @inlinable static var pausedByApplication: Flags { Flags(rawValue: 1 << 1) }
        /// Output is above the high watermark.
        @inlinable static var pausedByPressure: Flags { Flags(rawValue: 1 << 2) }
        /// A close was asked for; nothing more is accepted or delivered.
        @inlinable static var closing: Flags { Flags(rawValue: 1 << 3) }
        /// The sending direction has ended; bytes that still come are thrown away.
        @inlinable static var finishedSending: Flags { Flags(rawValue: 1 << 4) }
        /// The peer's stream has ended.
        @inlinable static var peerEnded: Flags { Flags(rawValue: 1 << 5) }
        /// In the output's list of connections that are to be written at the end of the turn.
        @inlinable static var dirty: Flags { Flags(rawValue: 1 << 6) }
        /// The kernel took less than it was offered; it will say when there is room.
        @inlinable static var blocked: Flags { Flags(rawValue: 1 << 7) }
        /// In the endings' list of connections that a step is due for.
        @inlinable static var ending: Flags { Flags(rawValue: 1 << 8) }
        /// The close must not wait for output or for the peer.
        @inlinable static var abortive: Flags { Flags(rawValue: 1 << 9) }
        /// A send was refused or crossed the high watermark; `onWritable` is owed.
        @inlinable static var writableOwed: Flags { Flags(rawValue: 1 << 10) }
        /// Pressed output pauses reading.
        @inlinable static var pausesUnderPressure: Flags { Flags(rawValue: 1 << 11) }
        /// A handler's `finish()` waits for the output to drain.
        @inlinable static var finishing: Flags { Flags(rawValue: 1 << 12) }

        /// The linger limit is armed.
        @inlinable static var lingering: Flags { Flags(rawValue: 1 << 13) }

        /// Bytes were left unread while the application paused; they are shown again when it resumes.
        @inlinable static var unreadOwed: Flags { Flags(rawValue: 1 << 14) }

        /// The unread bytes are worth moving to the front of the next chunk.
        @inlinable static var unreadGoesInFront: Flags { Flags(rawValue: 1 << 15) }

        /// The peer has used up what a protocol grants it for now; see `pauseForRate`.
        @inlinable static var pausedByRate: Flags { Flags(rawValue: 1 << 16) }

        /// Nothing is received until the unread bytes that are owed have been shown.
        @inlinable static var pausedForUnread: Flags { Flags(rawValue: 1 << 17) }

        /// An end that waits for nothing is still no reset: what the kernel has taken is left to it.
        @inlinable static var endsSoftly: Flags { Flags(rawValue: 1 << 18) }

        /// The protocol has said its last word: what comes is read, to see the peer's, and thrown away.
        @inlinable static var readsToEnd: Flags { Flags(rawValue: 1 << 19) }

        /// Retained chunks have their share of the loop's memory; see `starve`.
        @inlinable static var pausedForMemory: Flags { Flags(rawValue: 1 << 20) }

        /// A transform opens what is received, and seals what is sent.
        @inlinable static var transformed: Flags { Flags(rawValue: 1 << 21) }

        /// The transform has told the peer that nothing follows.
        @inlinable static var saidEnd: Flags { Flags(rawValue: 1 << 22) }

        /// The peer has not said yet what it wants, or who it is; see `treatAsStranger`.
        @inlinable static var stranger: Flags { Flags(rawValue: 1 << 23) }

        /// In the host's row of strangers that hold memory.
        @inlinable static var inStrangerRow: Flags { Flags(rawValue: 1 << 24) }

        @inlinable static var paused: Flags {
            [.pausedByApplication, .pausedByPressure, .pausedByRate, .pausedForUnread, .pausedForMemory]
        }
    }
}

/// A loop's time in steps of 10 ms, for stamps that cost four bytes; differences are right for over a year.
@frozen
@usableFromInline
package struct CoarseTime: RawRepresentable, Hashable {
    @usableFromInline package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    static let stepNanoseconds: UInt64 = 10_000_000

    init(_ instant: MonotonicInstant) {
        self.init(
            rawValue: UInt32(
                truncatingIfNeeded: UInt64(bitPattern: Int64(instant.nanoseconds)) / Self.stepNanoseconds))
    }

    /// The time from `earlier` to this.
    func since(_ earlier: CoarseTime) -> Duration {
        .milliseconds(Int64(rawValue &- earlier.rawValue) * 10)
    }
}

/// When the loop's turn began: what the parts of a host stamp connections with.
///
/// Written by the host when waiting is over; everybody else only reads it.
@usableFromInline
struct Turn {
    /// In steps of 10 ms.
    var now: CoarseTime
    /// The same, exactly.
    @usableFromInline var began: MonotonicInstant

    init(at instant: MonotonicInstant) {
        now = CoarseTime(instant)
        began = instant
    }
}
