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
        post(id)
    }

    private mutating func replace(_ id: Int) {
        unsafe table[id] = makeBuffer(id)
        hasReplaced = true
    }
}
