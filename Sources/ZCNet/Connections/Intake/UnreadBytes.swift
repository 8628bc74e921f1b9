/// Received bytes that a handler left unread, in a buffer of fitting size; what comes next is received behind
/// them.
///
/// The buffer grows with the bytes that really arrive, never with a length that somebody promised.
@usableFromInline
package struct UnreadBytes: ~Copyable {
    var buffer: PooledBuffer
    /// Where they begin.
    private var start = 0
    private(set) var count = 0
    /// How many of the first ones a transform has opened, where there is one.
    var openedCount = 0
    /// When the handler last took any, or found the first of them.
    var since: CoarseTime

    init(buffer: consuming PooledBuffer, since: CoarseTime) {
        self.buffer = buffer
        self.since = since
    }

    /// Room to receive into.
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[(start + count)...])
    }

    /// What is there.
    var filled: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[start..<(start + count)])
    }

    /// Counts bytes that were received into the room.
    mutating func didReceive(_ bytes: Int) { count += bytes }

    /// Forgets what is there.
    mutating func clear() {
        start = 0
        count = 0
    }

    /// Forgets the last bytes.
    mutating func shorten(to bytes: Int) { count = bytes }

    /// Adds bytes; there must be room.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe room.copyMemory(from: bytes)
        count += bytes.count
    }

    /// Moves to a larger buffer.
    mutating func move(to larger: consuming PooledBuffer) {
        unsafe larger.memory.copyMemory(from: UnsafeRawBufferPointer(filled))
        buffer = larger
        start = 0
    }

    /// Keeps only the last `tail` bytes.
    ///
    /// Why not always to the front: a handler that takes a backlog in small steps, pausing after each, would
    /// have all of the rest moved every time. Moved is only what is at most as much as what went before it,
    /// so that every byte pays for itself.
    mutating func keepLast(_ tail: Int) {
        start += count - tail
        count = tail
        guard tail <= start, let base = unsafe buffer.memory.baseAddress else { return }
        unsafe base.copyMemory(from: base + start, byteCount: tail)
        start = 0
    }
}
