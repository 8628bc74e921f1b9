/// What the driver knows of one connection: a few words, found by the slot that the token names.
struct URingRecord {
    /// Names the connection to the sink; 0 while the place is free.
    var token = Token(rawValue: 0)
    var descriptor = Descriptor.none
    /// Counts the connections that had the place, so that their late completions are told apart: as far as
    /// user data has room for, then from 0.
    var generation: UInt32 = 0
    /// Where the bytes lie that are to be sent when the turn ends, and how many they are.
    var stagedStart: UInt32 = 0
    var stagedCount: UInt32 = 0
    var flags: Flags = []
    /// How near large receptions have brought it to bulk; in bulk, how many in a row brought little.
    var streak: UInt8 = 0
    /// Staged sends so far, up to the number that earns the socket a place in the table of files.
    var sends: UInt8 = 0
    /// The turn in which a request that names the descriptor was made last.
    var turn: UInt8 = 0

    static var generationMax: UInt32 { 0xFF_FFFF }

    struct Flags: OptionSet {
        let rawValue: UInt16

        /// `connect` is under way.
        static var connecting: Flags { Flags(rawValue: 1) }
        /// A request to receive is in the kernel.
        static var receives: Flags { Flags(rawValue: 1 << 1) }
        /// A request that reports readiness is in the kernel.
        static var polls: Flags { Flags(rawValue: 1 << 2) }
        /// The request that was in the kernel is being cancelled.
        static var cancels: Flags { Flags(rawValue: 1 << 3) }
        /// The connection is received from by calls of its own, when it is ready.
        static var bulk: Flags { Flags(rawValue: 1 << 4) }
        /// Bytes are staged.
        static var staged: Flags { Flags(rawValue: 1 << 5) }
        /// The kernel took less than it was offered; a request waits for room.
        static var blocked: Flags { Flags(rawValue: 1 << 6) }
        /// The sending direction is to be ended once everything accepted is out.
        static var finishes: Flags { Flags(rawValue: 1 << 7) }
        /// The peer's end or a failure was reported: nothing is received any more.
        static var over: Flags { Flags(rawValue: 1 << 8) }
        /// Receptions wait until the connection is no longer paused.
        static var holds: Flags { Flags(rawValue: 1 << 9) }
        /// In the list of connections to look at again.
        static var again: Flags { Flags(rawValue: 1 << 10) }
        /// In the table of files, at the place that the token names.
        static var tabled: Flags { Flags(rawValue: 1 << 11) }
    }
}

extension Token {
    /// The place as the driver's tables and the kernel's requests name it.
    @inline(__always)
    var index: UInt32 { UInt32(truncatingIfNeeded: place) }
}

/// What a completion is about; the top byte of its user data.
enum URingOperation {
    static var receive: UInt64 { 1 }
    static var send: UInt64 { 2 }
    static var ready: UInt64 { 3 }
    static var room: UInt64 { 4 }
    static var connect: UInt64 { 5 }
    static var accept: UInt64 { 6 }
    static var wake: UInt64 { 7 }
    static var cancel: UInt64 { 8 }
    static var last: UInt64 { 9 }
    static var alarm: UInt64 { 10 }
}

/// A reception that came while its connection was paused.
enum URingHeld {
    /// Bytes; the chunk is kept like one that a handler retained.
    case bytes(SharedBytes)
    case end
    case failure(Errno)
}
