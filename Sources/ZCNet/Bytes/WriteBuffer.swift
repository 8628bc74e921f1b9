import ZCLibC

/// A buffer that messages are written into, field by field, and that can become ``SharedBytes`` without a
/// copy.
///
/// ```swift
/// var buffer = WriteBuffer(limit: 64 * 1024)
/// let length = try buffer.reserve(4)
/// try buffer.append(UInt16(1), .bigEndian)
/// try buffer.append("hello".utf8)
/// try buffer.patch(UInt32(buffer.count), at: length.lowerBound, .bigEndian)
/// connection.send(buffer.freeze())
/// ```
/// An append either writes all or throws and leaves the buffer as it was.
///
/// **Ownership.** Owns its memory alone; ``freeze()`` hands it over. Views end at the next change.
///
/// **Threads.** One thread at a time; may be sent to another.
///
/// **Complexity.** Appending is amortised O(bytes): memory grows by doubling, up to the limit.
///
/// **Limits.** ``limit`` bytes; nothing is allocated before the first append.
@safe @frozen
public struct WriteBuffer: ~Copyable, @unchecked Sendable {
    // SAFETY: `@safe` because `start` has room for `capacity` bytes, the first `count` of them initialised,
    // and the value alone refers to it; that is also why it may be sent.
    @usableFromInline var start: UnsafeMutableRawPointer?
    @usableFromInline var written = 0
    @usableFromInline var room = 0

    /// The default bound: a large message.
    public static let defaultLimit = 16 * 1024 * 1024
    /// The least that is allocated.
    @usableFromInline static let capacityMin = 256

    /// How many bytes the buffer may hold.
    public let limit: Int
    /// The books that the memory is entered in, at its capacity; nil for none.
    @usableFromInline let budget: MemoryBudget?

    /// How many bytes were written.
    @inlinable public var count: Int { written }
    /// Whether nothing was written.
    @inlinable public var isEmpty: Bool { written == 0 }
    /// How many bytes fit into the memory that the buffer has now.
    @inlinable public var capacity: Int { room }

    /// Makes an empty buffer, without memory.
    ///
    /// - Precondition: `limit >= 0`.
    @inlinable
    public init(limit: Int = WriteBuffer.defaultLimit) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
        budget = nil
        unsafe start = nil
    }

    /// Makes an empty buffer whose memory is part of a loop's: it grows only as far as the budget allows, and
    /// stays on that loop's thread. What ``freeze()`` makes of it is the budget's no more.
    ///
    /// - Precondition: `limit >= 0`.
    package init(limit: Int, budget: MemoryBudget) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
        self.budget = budget
        unsafe start = nil
    }

    @inlinable
    deinit {
        if budget != nil { releaseBudget() }
        unsafe free(start)
    }

    @usableFromInline
    func releaseBudget() { budget?.release(room, for: .messages) }

    /// What was written. Valid until the buffer changes.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: that many bytes are initialised, and the buffer is borrowed for the view's lifetime.
            let view = unsafe RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(start: UnsafeRawPointer(start), count: written))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Forgets what was written. Keeps the memory for the next message unless told otherwise.
    @inlinable
    public mutating func clear(keepingCapacity: Bool = true) {
        written = 0
        if !keepingCapacity {
            if budget != nil { releaseBudget() }
            unsafe free(start)
            unsafe start = nil
            room = 0
        }
    }

    /// Makes the bytes immutable and shareable, without copying them. O(1), one small allocation.
    ///
    /// The value keeps the buffer's whole capacity; a buffer that is mostly empty is better copied.
    public consuming func freeze() -> SharedBytes {
        guard let memory = unsafe start, written > 0 else { return SharedBytes() }
        let count = written
        let capacity = room
        releaseBudget()
        // Why: the deinit that follows must find nothing to free, and nothing to release.
        unsafe start = nil
        room = 0
        return unsafe SharedBytes(
            unsafeStart: memory, count: count, owner: MallocBytes(adopting: memory, capacity: capacity))
    }

    /// Makes sure that `additional` bytes more can be written without growing.
    ///
    /// - Throws: ``WriteBufferError`` when that would exceed the limit or the system's memory.
    /// - Precondition: `additional >= 0`.
    @inlinable
    public mutating func ensureRoom(for additional: Int) throws(WriteBufferError) {
        if additional > room &- written { try grow(by: additional) }
    }

    /// Where the next byte goes; there must be room for it.
    @inlinable
    var end: UnsafeMutableRawPointer {
        guard let start = unsafe start else { preconditionFailure("a write buffer without memory") }
        return unsafe start + written
    }

    /// Makes room. Doubles the memory, but not beyond `bound` bytes unless what is needed lies beyond.
    @usableFromInline
    mutating func grow(by additional: Int, within bound: Int = .max) throws(WriteBufferError) {
        let (needed, overflow) = written.addingReportingOverflow(additional)
        guard !overflow, needed <= limit else {
            throw WriteBufferError(.limitExceeded, expected: limit, got: overflow ? .max : needed)
        }
        let doubled = room > limit / 2 ? limit : room * 2
        let size = min(limit, max(needed, min(doubled, bound), Self.capacityMin))
        if let budget, !budget.reserve(size - room, for: .messages, holding: room) {
            throw WriteBufferError(.overBudget, expected: limit, got: needed)
        }
        // SAFETY: realloc keeps what was written, and on failure the old memory as well.
        guard let grown = unsafe realloc(start, size) else {
            budget?.release(size - room, for: .messages)
            throw WriteBufferError(.outOfMemory, expected: limit, got: needed)
        }
        unsafe start = unsafe grown
        room = size
    }
}
