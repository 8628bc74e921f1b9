import ZCLibC

/// A buffer out of a ``BufferPool``, which it goes back to when it goes out of scope.
///
/// ```swift
/// guard var buffer = pool.take(minimumCapacity: 1_000) else { return .full }
/// buffer.append(tail.bytes)
/// buffer.append { output in
///     while let byte = source.next(), output.freeCapacity > 0 { output.append(byte) }
/// }
/// parse(buffer.bytes)
/// ```
/// **Ownership.** The value owns the memory alone; it cannot be copied. It may outlive its pool, then it is
/// freed.
///
/// **Contents.** Nothing at first, whatever the memory held before: only what was appended can be read. Debug
/// builds fill returned buffers with 0xDB.
///
/// **Threads.** The pool's thread, including where it is destroyed; it is not `Sendable`.
///
/// **Complexity.** O(1), without reference counting.
@safe @frozen
public struct PooledBuffer: ~Copyable {
    // SAFETY: `@safe` because the value owns its memory until `deinit`, and the state lives at least as long
    // as it.
    @usableFromInline var start: UnsafeMutableRawPointer
    @usableFromInline let state: UnsafeMutablePointer<BufferPoolState>
    /// The class's index, or -1 for memory that was made to measure.
    @usableFromInline var classIndex: Int

    @usableFromInline var written = 0

    @usableFromInline var size: Int

    @inlinable
    init(
        start: UnsafeMutableRawPointer, state: UnsafeMutablePointer<BufferPoolState>, classIndex: Int,
        capacity: Int
    ) {
        unsafe self.start = unsafe start
        unsafe self.state = unsafe state
        self.classIndex = classIndex
        size = capacity
    }

    @inlinable
    deinit {
        // SAFETY: the buffer was counted when it was taken, and only here it is given back.
        unsafe state.pointee.count(0 &- capacity)
        guard classIndex >= 0 else { return unsafe BufferPoolState.giveBackOversize(start, capacity, state) }
        let sizeClass = unsafe state.pointee.classes + classIndex
        let idleCount = unsafe sizeClass.pointee.idleCount
        guard unsafe idleCount < sizeClass.pointee.fastIdleMax else {
            return unsafe BufferPoolState.giveBackSlowly(start, classIndex, state)
        }
        // SAFETY: the buffer is unused from now on and at least a word long.
        unsafe start.storeBytes(of: sizeClass.pointee.firstIdle, as: UnsafeMutableRawPointer?.self)
        unsafe sizeClass.pointee.firstIdle = unsafe start
        unsafe sizeClass.pointee.idleCount = idleCount &+ 1
    }
}

@available(*, unavailable)
extension PooledBuffer: Sendable {}

extension PooledBuffer {
    /// How many bytes fit: at least as many as were asked for.
    @inlinable public var capacity: Int { size }

    /// How many bytes were written.
    @inlinable public var count: Int { written }

    /// How many bytes more fit.
    @inlinable public var freeCount: Int { capacity &- written }

    /// What was written. Valid until the buffer changes or is given back.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: that many bytes are initialised, in memory that the value owns, which is borrowed for
            // the view's lifetime.
            let view = unsafe RawSpan(_unsafeStart: start, byteCount: written)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Writes a copy of the bytes behind what was written. O(n).
    ///
    /// - Precondition: they fit.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        precondition(count <= freeCount, "more bytes than the buffer has room for")
        // SAFETY: there is room, and the source is not this buffer, which is borrowed mutably.
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            unsafe (start + written).copyMemory(from: from, byteCount: count)
        }
        written &+= count
    }

    /// Lets a closure write behind what was written, in place; writing more than fits traps.
    ///
    /// What the closure leaves in its output counts as written. If it throws, nothing does.
    @inlinable
    public mutating func append<Failure: Error>(
        _ write: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        // SAFETY: the memory behind what was written is the value's alone, and the output ends in here:
        // `finalize` traps when the closure has put another in its place.
        let room = unsafe UnsafeMutableRawBufferPointer(start: start + written, count: freeCount)
        var output = unsafe OutputRawSpan(buffer: room, initializedCount: 0)
        try write(&output)
        written &+= unsafe output.finalize(for: room)
    }

    /// Forgets what was written.
    @inlinable
    public mutating func clear() { written = 0 }

    /// Makes a large buffer larger without copying it: its pages move. False where that cannot be had, or
    /// where larger memory lies idle, which costs a copy and no new pages; the buffer is as it was then.
    mutating func extend(to bytes: Int) -> Bool {
        guard bytes > capacity, let moved = unsafe BufferPoolState.extend(start, capacity, to: bytes, state)
        else { return false }
        unsafe BufferPoolState.didExtend(state, classIndex, by: bytes - capacity)
        unsafe start = unsafe moved
        classIndex = -1
        size = bytes
        return true
    }

    /// The memory itself, all of it, for the loop's own queues, which keep count of what they write. Valid as
    /// long as the buffer.
    @unsafe @inlinable
    package var memory: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: capacity)
    }
}
