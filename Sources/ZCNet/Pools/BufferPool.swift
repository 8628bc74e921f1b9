import Glibc

/// Raw buffers of a few sizes, used again and again by one loop: for what a connection must carry over.
///
/// ```swift
/// let pool = try BufferPool(.init(outstandingBytesMax: 64 << 20))
/// guard let carry = pool.take(minimumCapacity: tail.byteCount) else { return stopReading() }
/// ```
/// Pools own buffers, connections do not: a connection that has nothing half-received or unsent holds none.
/// Nothing is reserved up front unless the configuration says so; buffers are made when first needed and kept
/// for reuse up to each class's limit. A request beyond the bound on outstanding bytes is answered with nil,
/// which the caller turns into backpressure. Larger requests than the largest class get memory to measure,
/// counted alike.
///
/// **Checks.** Debug builds fill a returned buffer with 0xDB, trap on take if somebody wrote to it since, and
/// prove in `deinit` that every buffer came back. In release builds a buffer that outlives the pool frees
/// itself.
///
/// **Ownership.** The pool owns idle buffers, ``PooledBuffer`` owns one that is out.
///
/// **Threads.** One thread, the loop's, for the pool and its buffers; not `Sendable`.
///
/// **Complexity.** Taking and giving back are O(classes), a scan of at most 16; there are no locks, atomics
/// or reference counts. In debug builds O(buffer size).
@safe @frozen
public struct BufferPool: ~Copyable {
    // SAFETY: `@safe` because the state is made by `init` and freed once the pool and every buffer have gone.
    @usableFromInline let state: UnsafeMutablePointer<BufferPoolState>

    /// Makes a pool, and those buffers that the configuration wants in advance.
    ///
    /// - Throws: ``BufferPoolError`` naming the wrong field, or that the system has no memory.
    public init(_ configuration: Configuration = Configuration()) throws(BufferPoolError) {
        #if DEBUG
        let isChecked = true
        #else
        let isChecked = false
        #endif
        try self.init(configuration, isChecked: isChecked)
    }

    init(_ configuration: Configuration, isChecked: Bool) throws(BufferPoolError) {
        try configuration.validate()
        let state = unsafe BufferPoolState.make(configuration, isChecked: isChecked)
        for (index, sizeClass) in configuration.classes.enumerated() {
            for made in 0..<sizeClass.preallocated where unsafe !Self.preallocate(index, state) {
                unsafe BufferPoolState.freeIdle(state)
                unsafe BufferPoolState.destroy(state)
                throw BufferPoolError(
                    code: .outOfMemory, field: "classes[\(index)].preallocated",
                    value: sizeClass.preallocated,
                    limits: 0...made)
            }
        }
        // Why last: an initialiser that can fail must not have set what `deinit` would free.
        unsafe self.state = unsafe state
    }

    deinit {
        let count = unsafe state.pointee.outstandingCount
        if unsafe state.pointee.isChecked {
            let bytes = unsafe state.pointee.outstandingBytes
            precondition(count == 0, "\(count) pooled buffers (\(bytes) bytes) outlive their pool")
        }
        unsafe BufferPoolState.freeIdle(state)
        unsafe state.pointee.isClosed = true
        if count == 0 { unsafe BufferPoolState.destroy(state) }
    }

    /// A buffer with room for at least `minimumCapacity` bytes, or nil when that would exceed the bound on
    /// outstanding bytes, or the system has no memory.
    ///
    /// - Precondition: `minimumCapacity >= 0`.
    @inlinable
    public func take(minimumCapacity: Int) -> PooledBuffer? {
        precondition(minimumCapacity >= 0, "a negative capacity")
        // SAFETY: the state lives as long as the pool, and one thread uses it.
        let count = unsafe state.pointee.classCount
        var index = 0
        while index < count {
            let sizeClass = unsafe state.pointee.classes + index
            if unsafe sizeClass.pointee.bufferBytes >= minimumCapacity {
                return unsafe take(from: sizeClass, at: index)
            }
            index &+= 1
        }
        return takeOversize(minimumCapacity)
    }

    @inlinable
    func take(from sizeClass: UnsafeMutablePointer<BufferPoolState.Class>, at index: Int) -> PooledBuffer? {
        let capacity = unsafe sizeClass.pointee.bufferBytes
        guard unsafe capacity <= state.pointee.outstandingBytesMax &- state.pointee.outstandingBytes else {
            return refuse()
        }
        let start: UnsafeMutableRawPointer
        if let idle = unsafe BufferPoolState.popIdle(from: sizeClass) {
            if unsafe state.pointee.isChecked {
                unsafe BufferPoolState.checkPoison(idle, byteCount: capacity)
            }
            unsafe start = unsafe idle
        } else {
            guard let made = unsafe Self.make(sizeClass) else { return refuse() }
            unsafe start = unsafe made
        }
        unsafe sizeClass.pointee.outstandingCount &+= 1
        unsafe state.pointee.outstandingBytes &+= capacity
        unsafe state.pointee.outstandingCount &+= 1
        return unsafe PooledBuffer(start: start, state: state, classIndex: index, capacity: capacity)
    }
}

@available(*, unavailable)
extension BufferPool: Sendable {}

extension BufferPool {
    @usableFromInline
    func takeOversize(_ capacity: Int) -> PooledBuffer? {
        guard unsafe capacity <= state.pointee.outstandingBytesMax &- state.pointee.outstandingBytes,
            let start = unsafe BufferPoolState.allocate(byteCount: capacity)
        else { return refuse() }
        unsafe state.pointee.oversizeCount &+= 1
        unsafe state.pointee.outstandingBytes &+= capacity
        unsafe state.pointee.outstandingCount &+= 1
        return unsafe PooledBuffer(start: start, state: state, classIndex: -1, capacity: capacity)
    }

    @usableFromInline
    func refuse() -> PooledBuffer? {
        unsafe state.pointee.refusedCount &+= 1
        return nil
    }

    @usableFromInline
    static func make(_ sizeClass: UnsafeMutablePointer<BufferPoolState.Class>) -> UnsafeMutableRawPointer? {
        guard let made = unsafe BufferPoolState.allocate(byteCount: sizeClass.pointee.bufferBytes) else {
            return nil
        }
        unsafe sizeClass.pointee.madeCount &+= 1
        return unsafe made
    }

    private static func preallocate(_ index: Int, _ state: UnsafeMutablePointer<BufferPoolState>) -> Bool {
        let sizeClass = unsafe state.pointee.classes + index
        guard let made = unsafe make(sizeClass) else { return false }
        if unsafe state.pointee.isChecked {
            unsafe BufferPoolState.fillWithPoison(made, byteCount: sizeClass.pointee.bufferBytes)
        }
        unsafe BufferPoolState.pushIdle(made, to: sizeClass)
        return true
    }

    /// Frees a buffer that no class keeps, and the state after the last buffer of a pool that is gone.
    @usableFromInline
    static func giveBackOutsideOfClasses(
        _ start: UnsafeMutableRawPointer, _ state: UnsafeMutablePointer<BufferPoolState>
    ) {
        // SAFETY: the memory came from posix_memalign and its only owner is being destroyed.
        unsafe free(start)
        if unsafe state.pointee.isClosed && state.pointee.outstandingCount == 0 {
            unsafe BufferPoolState.destroy(state)
        }
    }
}
