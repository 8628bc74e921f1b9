/// A buffer out of a ``BufferPool``, which it goes back to when it goes out of scope.
///
/// ```swift
/// guard var buffer = pool.take(minimumCapacity: 1_000) else { return .full }
/// var bytes = buffer.mutableBytes
/// ```
/// **Ownership.** The value owns the memory alone; it cannot be copied. It may outlive its pool, then it is
/// freed.
///
/// **Contents.** Whatever the buffer held before: write before you read. Debug builds fill returned buffers
/// with 0xDB.
///
/// **Threads.** The pool's thread, including where it is destroyed; it is not `Sendable`.
///
/// **Complexity.** O(1), without reference counting.
@safe @frozen
public struct PooledBuffer: ~Copyable {
    // SAFETY: `@safe` because the value owns its memory until `deinit`, and the state lives at least as long
    // as it.
    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let state: UnsafeMutablePointer<BufferPoolState>
    /// The class's index, or -1 for memory that was made to measure.
    @usableFromInline let classIndex: Int

    /// How many bytes fit: at least as many as were asked for.
    public let capacity: Int

    @inlinable
    init(
        start: UnsafeMutableRawPointer, state: UnsafeMutablePointer<BufferPoolState>, classIndex: Int,
        capacity: Int
    ) {
        unsafe self.start = unsafe start
        unsafe self.state = unsafe state
        self.classIndex = classIndex
        self.capacity = capacity
    }

    @inlinable
    deinit {
        // SAFETY: the buffer was counted when it was taken, and only here it is given back.
        unsafe state.pointee.count(0 &- capacity)
        guard classIndex >= 0 else { return unsafe BufferPoolState.giveBackSlowly(start, classIndex, state) }
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
    /// All of the buffer, to write to. Valid until the next use of the buffer.
    @inlinable
    public var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            // SAFETY: the value owns the memory and is borrowed mutably for the view's lifetime.
            let view = unsafe MutableRawSpan(_unsafeStart: start, byteCount: capacity)
            return unsafe _overrideLifetime(view, mutating: &self)
        }
    }

    /// The first `count` bytes, to read. Valid until the buffer is written to or given back.
    ///
    /// - Precondition: `0 <= count <= capacity`.
    @_lifetime(borrow self)
    @inlinable
    public func bytes(count: Int) -> RawSpan {
        precondition(count >= 0 && count <= capacity, "more bytes than the buffer has")
        // SAFETY: within the memory that the value owns, which is borrowed for the view's lifetime.
        let view = unsafe RawSpan(_unsafeStart: start, byteCount: count)
        return unsafe _overrideLifetime(view, borrowing: self)
    }

    /// The memory itself, for system calls. The pointer is valid as long as the buffer.
    @unsafe @inlinable
    public var memory: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: capacity)
    }
}
