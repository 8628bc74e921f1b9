/// Received bytes that a handler left unread, in a buffer of fitting size; what comes next is received behind
/// them.
///
/// The buffer grows with the bytes that really arrive, never with a length that somebody promised.
@usableFromInline
package struct UnreadBytes: ~Copyable {
    var buffer: PooledBuffer
    var count = 0

    init(buffer: consuming PooledBuffer) { self.buffer = buffer }

    /// Room to receive into.
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[count...])
    }

    /// What is there.
    var filled: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.memory[..<count])
    }

    /// Adds bytes; there must be room.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        unsafe room.copyMemory(from: bytes)
        count += bytes.count
    }

    /// Moves to a larger buffer.
    mutating func move(to larger: consuming PooledBuffer) {
        unsafe larger.memory.copyMemory(from: UnsafeRawBufferPointer(filled))
        buffer = larger
    }

    /// Keeps only the last `tail` bytes.
    mutating func keepLast(_ tail: Int) {
        let bytes = unsafe filled
        if tail < count, let base = bytes.baseAddress {
            unsafe base.copyMemory(from: base + (count - tail), byteCount: tail)
        }
        count = tail
    }
}
