internal import CZCNet
import ZCLibC

/// The memory that the kernel receives into: a ring of buffers, each a small chunk of its own.
///
/// The kernel takes the next buffer for whichever connection has bytes, so a burst of any shape finds room,
/// and a connection without bytes has none. A buffer that a handler retained a part of is not given back;
/// another chunk takes its place, and the memory returns to the pool when the last part goes.
///
/// Only as many buffers are posted as were ever needed at a time, so that the ones in use stay in the
/// processor's cache; running out doubles the number.
///
/// SAFETY: `@safe` because the kernel's ring and the table are its own, and each id names a chunk of the
/// table.
@safe
struct URingBuffers: ~Copyable {
    /// One buffer: where its bytes begin, and what keeps them.
    ///
    /// SAFETY: `@safe` because `start` lies within `storage`.
    @safe
    private struct Buffer {
        var storage: ChunkStorage
        var start: UnsafeMutableRawPointer
    }

    private let ring: UnsafeMutablePointer<zc_uring_buffer>
    private let table: UnsafeMutablePointer<Buffer>
    private let pool: ChunkPool
    /// How many buffers of the table exist.
    private(set) var count = 0
    /// Given back in this turn and not shown to the kernel yet.
    private var pending: UInt16 = 0
    /// Whether a buffer was ever retained.
    private var hasReplaced = false
    /// How often one was given back since the last look at what is unused.
    private var usedCount = 0

    /// The most buffers; a power of two.
    static var countMax: Int { 2048 }
    private static var countAtFirst: Int { 64 }
    private static var chunkBytes: Int { 16 << 10 }
    /// How far apart the beginnings of successive buffers lie in their pages: buffers that all began at the
    /// beginning of a page would contend for the same few places of the processor's cache.
    private static var staggerBytes: Int { 128 }
    private static var staggerSteps: Int { 16 }

    /// The bytes that each buffer holds.
    static var bufferBytes: Int { chunkBytes - staggerBytes * staggerSteps }

    init(_ queue: borrowing URingQueue) throws(DriverError) {
        unsafe ring = try queue.openBuffers(count: Self.countMax)
        unsafe table = .allocate(capacity: Self.countMax)
        pool = ChunkPool(chunkBytes: Self.chunkBytes, idleMax: 64)
        grow(to: Self.countAtFirst)
    }

    deinit {
        for id in 0..<count { unsafe (table + id).deinitialize(count: 1) }
        unsafe table.deallocate()
        unsafe zc_uring_buffers_close(ring, UInt32(Self.countMax))
    }

    /// The memory of buffers that others have taken the place of.
    var retainedBytes: Int { hasReplaced ? pool.outstandingBytes - count * Self.chunkBytes : 0 }

    /// Makes more buffers, as all were in use; false when there may be no more.
    mutating func grow() -> Bool {
        if count == Self.countMax { return false }
        grow(to: min(count * 2, Self.countMax))
        return true
    }

    private mutating func grow(to number: Int) {
        while count < number {
            unsafe (table + count).initialize(to: makeBuffer(count))
            count += 1
            post(count - 1)
        }
        publish()
    }

    private func makeBuffer(_ id: Int) -> Buffer {
        let storage = pool.take()
        let start = unsafe storage.start + id % Self.staggerSteps * Self.staggerBytes
        return unsafe Buffer(storage: storage, start: start)
    }

    private mutating func post(_ id: Int) {
        unsafe zc_uring_buffers_add(
            ring, UInt32(Self.countMax - 1), pending, table[id].start, UInt32(Self.bufferBytes), UInt16(id))
        pending += 1
    }

    /// Shows the kernel what was given back.
    mutating func publish() {
        if pending == 0 { return }
        unsafe zc_uring_buffers_publish(ring, pending)
        pending = 0
    }

    /// The first `count` bytes of a buffer that the kernel filled.
    ///
    /// The caller does not give the buffer back while the view is in use.
    @unsafe @_lifetime(immortal)
    @inline(__always)
    func chunk(_ id: Int, count: Int) -> ReceivedChunk {
        let view = unsafe ReceivedChunk(
            bytes: RawSpan(_unsafeStart: table[id].start, byteCount: count),
            storage: Unmanaged.passUnretained(table[id].storage))
        return unsafe _overrideLifetime(view, borrowing: ())
    }

    /// Ends the use of a buffer: the kernel gets it again, or, when a part of it was retained, another.
    @inline(__always)
    mutating func giveBack(_ id: Int) {
        if unsafe !isKnownUniquelyReferenced(&table[id].storage) { replace(id) }
        usedCount &+= 1
        post(id)
    }

    /// Gives the pages of all buffers back to the system where hardly any was used since the last call; the
    /// kernel finds new ones for those that it fills. Answers for how many buffers it did.
    ///
    /// A ring goes through all of its buffers, however few would do: so those of a burst would stay in memory
    /// for good, with whatever came in them last.
    ///
    /// - Precondition: none of them has bytes that were not looked at.
    mutating func freeUnused() -> Int {
        defer { usedCount = 0 }
        guard count > Self.countAtFirst, usedCount < count / 2 else { return 0 }
        for id in 0..<count {
            // SAFETY: the region is the buffer's, and nothing that anybody will read lies in it.
            _ = unsafe madvise(table[id].storage.start, Self.chunkBytes, MADV_DONTNEED)
        }
        return count
    }

    private mutating func replace(_ id: Int) {
        unsafe table[id] = makeBuffer(id)
        hasReplaced = true
    }
}

/// What the driver knows of one connection: 24 bytes, found by the slot that the token names. Every
/// connection has them for as long as it is open; a test fixes how many they are.
struct URingRecord {
    /// Names the connection to the sink; 0 while the place is free.
    var token = Token(rawValue: 0)
    var descriptor = Descriptor.none
    /// Where the bytes lie that are to be sent when the turn ends, and how many they are.
    var stagedStart: UInt32 = 0
    var stagedCount: UInt16 = 0
    var flags: Flags = []
    /// How near large receptions have brought it to bulk; in bulk, how many in a row brought little.
    var streak: UInt8 = 0
    /// Staged sends so far, up to the number that earns the socket a place in the table of files.
    var sends: UInt8 = 0
    /// The turn in which a request that names the descriptor was made last.
    var turn: UInt8 = 0

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
        /// Bytes wait on the stage for the end of the turn.
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

    /// What a request is about, as its completions bring it back: the place and, as far as there is room, the
    /// place's generation, so that completions that come late for one connection are not taken for the
    /// next one's.
    @inline(__always)
    var requestNumber: UInt64 { (rawValue >> 38 & 0xFF_FFFF) << 32 | rawValue & 0x3F_FFFF }
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
