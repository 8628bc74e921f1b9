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
        try self.init(configuration, MemoryBudget())
    }

    /// A pool whose buffers are part of a loop's memory.
    init(_ configuration: Configuration, _ budget: MemoryBudget) throws(BufferPoolError) {
        #if DEBUG
        let isChecked = true
        #else
        let isChecked = false
        #endif
        try self.init(configuration, budget, isChecked: isChecked)
    }

    init(
        _ configuration: Configuration, _ budget: MemoryBudget = MemoryBudget(), isChecked: Bool
    ) throws(BufferPoolError) {
        try configuration.validate()
        let state = unsafe BufferPoolState.make(configuration, budget, isChecked: isChecked)
        for (index, sizeClass) in configuration.classes.enumerated() {
            let target = unsafe state.pointee.classes + index
            for made in 0..<sizeClass.preallocated {
                guard let buffer = unsafe BufferPoolState.make(target) else {
                    unsafe BufferPoolState.close(state)
                    throw BufferPoolError(
                        .outOfMemory, field: "classes[\(index)].preallocated",
                        expected: "memory for \(sizeClass.preallocated) buffers", got: "for \(made)")
                }
                unsafe BufferPoolState.keep(buffer, in: target, isChecked: isChecked)
            }
        }
        // Why last: an initialiser that can fail must not have set what `deinit` would free.
        unsafe self.state = unsafe state
    }

    deinit {
        if unsafe state.pointee.isChecked {
            let count = unsafe state.pointee.outstandingCount
            let bytes = unsafe state.pointee.outstandingBytes
            precondition(count == 0, "\(count) pooled buffers (\(bytes) bytes) outlive their pool")
        }
        unsafe BufferPoolState.close(state)
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

    @inlinable @inline(__always)
    func take(from sizeClass: UnsafeMutablePointer<BufferPoolState.Class>, at index: Int) -> PooledBuffer? {
        let capacity = unsafe sizeClass.pointee.bufferBytes
        guard unsafe capacity <= state.pointee.available else { return refuse() }
        let start: UnsafeMutableRawPointer
        if let idle = unsafe sizeClass.pointee.firstIdle {
            // SAFETY: a buffer on the list holds its link in its first word.
            unsafe sizeClass.pointee.firstIdle = unsafe idle.load(as: UnsafeMutableRawPointer?.self)
            unsafe sizeClass.pointee.idleCount &-= 1
            unsafe start = unsafe idle
        } else {
            guard let made = unsafe BufferPoolState.takeSlowly(from: sizeClass) else { return refuse() }
            unsafe start = unsafe made
        }
        unsafe state.pointee.count(capacity)
        return unsafe PooledBuffer(start: start, state: state, classIndex: index, capacity: capacity)
    }
}

@available(*, unavailable)
extension BufferPool: Sendable {}

extension BufferPool {
    @usableFromInline
    func takeOversize(_ capacity: Int) -> PooledBuffer? {
        guard unsafe capacity <= state.pointee.available,
            let start = unsafe BufferPoolState.allocate(byteCount: capacity)
        else { return refuse() }
        unsafe state.pointee.oversizeCount &+= 1
        unsafe state.pointee.oversizeOutstandingCount &+= 1
        unsafe state.pointee.count(capacity)
        return unsafe PooledBuffer(start: start, state: state, classIndex: -1, capacity: capacity)
    }

    /// The size of the buffer that `take` would answer with.
    func capacity(for count: Int) -> Int {
        for index in unsafe 0..<state.pointee.classCount {
            let bytes = unsafe state.pointee.classes[index].bufferBytes
            if bytes >= count { return bytes }
        }
        return count
    }

    /// What may still be taken.
    var availableBytes: Int { unsafe state.pointee.available }

    /// The most bytes that may be out by the pool's own bound.
    var outstandingBytesMax: Int { unsafe state.pointee.outstandingBytesMax }

    /// The bytes of all buffers that are out.
    var outstandingBytes: Int { unsafe state.pointee.outstandingBytes }

    @usableFromInline
    func refuse() -> PooledBuffer? {
        unsafe state.pointee.refusedCount &+= 1
        return nil
    }
}
