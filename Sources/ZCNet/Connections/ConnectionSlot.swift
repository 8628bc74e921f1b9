/// All that a loop knows of one connection: 104 bytes of plain memory, of which the last 40 are seldom
/// touched.
///
/// Every connection pays for every byte here for as long as it is open, so what most connections do not have
/// at a given moment is elsewhere, fields stand in an order that leaves no gaps but one byte, and a free
/// slot's two numbers lie in fields of the connection that it does not have. A test fixes the size.
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
    @usableFromInline var outbound: LoopOwned<Outbound>?
    /// Received bytes that the handler left unread.
    @usableFromInline var unread: LoopOwned<UnreadBytes>?
    @usableFromInline var bytesIn: UInt64
    @usableFromInline var bytesOut: UInt64
    /// Bytes that wait in `outbound`.
    @usableFromInline package var queuedBytes: UInt32
    @usableFromInline package var outboundBytesMax: UInt32
    /// The loop's coarse time of the last byte in either direction.
    @usableFromInline var lastActivity: CoarseTime
    @usableFromInline package var role: UInt16
    @usableFromInline package var policy: OverflowPolicy

    // Seldom touched from here on.

    /// What stands between the socket's bytes and the protocol's; nil for most connections.
    @usableFromInline var transform: Unmanaged<InstalledTransform>?
    @usableFromInline package var peer: IPEndpoint
    /// The connection's deadline: half of its id, as the payload tells the rest.
    @usableFromInline var timer: TimerPlace
    @usableFromInline var openedAt: CoarseTime
    /// The place of what the host keeps of a connection on its way out, or 0.
    @usableFromInline var departure: UInt32

    /// The generation of its next connection, while the slot is free.
    fileprivate var freeGeneration: UInt32 { lastActivity.rawValue }
    /// The next free slot, while this one is free.
    fileprivate var nextFree: UInt32 {
        get { openedAt.rawValue }
        set { openedAt = CoarseTime(rawValue: newValue) }
    }

    /// A slot that nobody has.
    fileprivate init(freeGeneration: UInt32, nextFree: UInt32) {
        self.init(ConnectionID(rawValue: 0))
        lastActivity = CoarseTime(rawValue: freeGeneration)
        openedAt = CoarseTime(rawValue: nextFree)
    }

    /// The slot of a connection of which nothing is known yet.
    fileprivate init(_ id: ConnectionID) {
        self.id = id
        descriptor = .none
        flags = []
        outbound = nil
        unread = nil
        bytesIn = 0
        bytesOut = 0
        queuedBytes = 0
        outboundBytesMax = 0
        lastActivity = CoarseTime(rawValue: 0)
        role = 0
        policy = .signal
        unsafe transform = nil
        peer = .none
        timer = .none
        openedAt = CoarseTime(rawValue: 0)
        departure = 0
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

        /// The role is asked before anything is received; see `ConnectionRole.mayReceive`.
        @inlinable static var receivesInTurns: Flags { Flags(rawValue: 1 << 25) }

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
    package func since(_ earlier: CoarseTime) -> Duration {
        .milliseconds(Int64(rawValue &- earlier.rawValue) * 10)
    }
}

/// When the loop's turn began: what the parts of a host stamp connections with.
///
/// Written by the host when waiting is over; everybody else only reads it.
@usableFromInline
struct Turn {
    /// In steps of 10 ms.
    @usableFromInline var now: CoarseTime
    /// The same in nanoseconds.
    @usableFromInline var began: MonotonicInstant

    init(at instant: MonotonicInstant) {
        now = CoarseTime(instant)
        began = instant
    }
}

/// The connections of one loop: slot plus generation, found by index.
///
/// Pages of slots are allocated when first needed and never move, so a slot's address is good for the life of
/// the loop. A lookup is two loads and a comparison of the whole id; a stale id never matches. Slots are used
/// again in the order in which they came back, and not before `restingMin` others: the generations of one
/// slot, which repeat in the end, then last that much longer. Loop thread only.
///
/// SAFETY: `@safe` because only pages that were allocated and initialised are reached; see `directory`.
@safe
@usableFromInline
package struct ConnectionTable: ~Copyable {
    @usableFromInline static let pageShift = 8
    static let slotsPerPage = 1 << pageShift

    /// SAFETY: `directory[0..<pageCount]` are initialised pages of `slotsPerPage` slots each.
    @usableFromInline var directory: UnsafeMutablePointer<UnsafeMutablePointer<ConnectionSlot>>
    private var directoryCapacity: Int
    @usableFromInline var pageCount = 0
    private var firstFree = Self.noSlot
    private var lastFree = Self.noSlot
    private let loop: Int
    private let firstGeneration: UInt32
    /// How often the slot that was used most has come back.
    private var returnsMax: UInt32 = 0
    /// How many slots are taken.
    private(set) var count = 0

    private static let noSlot = UInt32.max
    /// As long as there may be more pages, so many slots rest.
    static let restingMin = 127

    /// - Parameters:
    ///   - loop: the number of the loop in the process.
    ///   - firstGeneration: what its connections begin to count with.
    package init(loop: Int, firstGeneration: UInt32 = 1) {
        self.loop = loop
        self.firstGeneration = firstGeneration
        directoryCapacity = 16
        unsafe directory = .allocate(capacity: 16)
    }

    deinit {
        for page in 0..<pageCount { unsafe directory[page].deallocate() }
        unsafe directory.deallocate()
    }

    /// The slot of a connection, or nil when the id is stale. O(1).
    @inlinable
    package func find(_ id: ConnectionID) -> LoopOwned<ConnectionSlot>? {
        let page = id.slot >> Self.pageShift
        guard page < pageCount else { return nil }
        // SAFETY: the page exists; the mask keeps the index within it.
        let slot = unsafe directory[page] + (id.slot & (1 << Self.pageShift - 1))
        return unsafe slot.pointee.id == id ? LoopOwned(slot) : nil
    }

    /// Takes a slot under a new id, or nil when the table is full. O(1); allocates a page at times.
    package mutating func insert() -> LoopOwned<ConnectionSlot>? {
        let freeCount = pageCount * Self.slotsPerPage - count
        if freeCount <= Self.restingMin && !addPage() && freeCount == 0 { return nil }
        let index = firstFree
        let slot = self.slot(at: Int(index))
        firstFree = slot[].nextFree
        if firstFree == Self.noSlot { lastFree = Self.noSlot }
        count += 1
        slot[] = ConnectionSlot(ConnectionID(generation: slot[].freeGeneration, loop: loop, slot: index))
        return slot
    }

    /// Gives a slot back; its id is stale from now on. O(1).
    package mutating func remove(_ slot: LoopOwned<ConnectionSlot>) {
        let index = UInt32(slot[].id.slot)
        let generation = Self.generation(slot[].id.generation, plus: 1)
        slot[] = ConnectionSlot(freeGeneration: generation, nextFree: Self.noSlot)
        append(index, to: index)
        count -= 1
        let returns = generation &- firstGeneration
        returnsMax = max(
            returnsMax, generation >= firstGeneration ? returns : returns &+ ConnectionID.generationMax)
    }

    /// The first generation that no connection of the table has had yet; for the next table of the same loop
    /// number.
    var nextGeneration: UInt32 { Self.generation(firstGeneration, plus: returnsMax + 1) }

    /// Generations go from 1 to the last and begin again: 0 with slot 0 on loop 0 would make the id of
    /// nobody.
    private static func generation(_ generation: UInt32, plus count: UInt32) -> UInt32 {
        UInt32((UInt64(generation) - 1 + UInt64(count)) % UInt64(ConnectionID.generationMax)) + 1
    }

    /// Puts a chain of free slots behind those that rest.
    private mutating func append(_ first: UInt32, to last: UInt32) {
        if lastFree == Self.noSlot {
            firstFree = first
        } else {
            slot(at: Int(lastFree))[].nextFree = first
        }
        lastFree = last
    }

    /// Calls `body` for every connection; `body` may remove the one it is given.
    func forEach(_ body: (LoopOwned<ConnectionSlot>) -> Void) {
        for index in 0..<pageCount * Self.slotsPerPage {
            let slot = self.slot(at: index)
            if slot[].id.rawValue != 0 { body(slot) }
        }
    }

    private func slot(at index: Int) -> LoopOwned<ConnectionSlot> {
        // SAFETY: callers pass indices below `pageCount * slotsPerPage`.
        unsafe LoopOwned(directory[index >> Self.pageShift] + (index & (Self.slotsPerPage - 1)))
    }

    private mutating func addPage() -> Bool {
        guard pageCount * Self.slotsPerPage < ConnectionID.slotsMax else { return false }
        if pageCount == directoryCapacity { growDirectory() }
        let page = UnsafeMutablePointer<ConnectionSlot>.allocate(capacity: Self.slotsPerPage)
        let base = UInt32(pageCount * Self.slotsPerPage)
        for index in 0..<Self.slotsPerPage {
            let isLast = index == Self.slotsPerPage - 1
            let next = isLast ? Self.noSlot : base + UInt32(index) + 1
            unsafe (page + index).initialize(
                to: ConnectionSlot(freeGeneration: firstGeneration, nextFree: next))
        }
        unsafe directory[pageCount] = page
        pageCount += 1
        append(base, to: base + UInt32(Self.slotsPerPage) - 1)
        return true
    }

    private mutating func growDirectory() {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<ConnectionSlot>>.allocate(
            capacity: directoryCapacity * 2)
        unsafe larger.moveInitialize(from: directory, count: pageCount)
        unsafe directory.deallocate()
        unsafe directory = larger
        directoryCapacity *= 2
    }
}
