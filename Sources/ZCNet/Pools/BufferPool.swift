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
/// counted alike; some of it is kept for the next large request. A loop's pool gives back what nobody needed
/// for ten to twenty seconds.
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
            guard let made = unsafe BufferPoolState.takeSlowly(state, from: sizeClass) else {
                return refuse()
            }
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
    func takeOversize(_ capacity: Int) -> PooledBuffer? { takeOversize(capacity, prefersLargest: false) }

    /// As `take`, for who goes on growing: of large memory that lies idle the largest.
    func takeToGrow(minimumCapacity: Int) -> PooledBuffer? {
        let largest = unsafe state.pointee.classes[state.pointee.classCount - 1].bufferBytes
        if minimumCapacity <= largest { return take(minimumCapacity: minimumCapacity) }
        return takeOversize(minimumCapacity, prefersLargest: true)
    }

    private func takeOversize(_ capacity: Int, prefersLargest: Bool) -> PooledBuffer? {
        guard
            let region = unsafe BufferPoolState.takeOversize(
                state, capacity, prefersLargest: prefersLargest)
        else { return refuse() }
        unsafe state.pointee.oversizeCount &+= 1
        unsafe state.pointee.oversizeOutstandingCount &+= 1
        unsafe state.pointee.count(region.bytes)
        return unsafe PooledBuffer(
            start: region.start, state: state, classIndex: -1, capacity: region.bytes)
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

extension BufferPool {
    /// What a pool holds at a moment.
    public struct Counts: Sendable, Hashable {
        /// What the buffers of one size come to.
        public struct Class: Sendable, Hashable {
            /// The size of each buffer.
            public let bufferBytes: Int
            /// Buffers that wait for their next use.
            public let idle: Int
            /// Buffers that are out.
            public let outstanding: Int
            /// Buffers allocated since the pool was made.
            public let made: Int
        }

        /// The classes, in the configuration's order.
        public let classes: [Class]
        /// Buffers that are out, of any size.
        public let outstanding: Int
        /// The bytes of these buffers.
        public let outstandingBytes: Int
        /// Requests larger than the largest class, since the pool was made.
        public let oversize: Int
        /// Requests that were answered with nil, since the pool was made.
        public let refused: Int
        /// The bytes of all buffers that wait for their next use, larger ones than any class among them.
        public let idleBytes: Int
    }

    /// What the pool holds now. O(classes); allocates, so it is for telemetry and tests.
    public var counts: Counts {
        // SAFETY: the state lives as long as the pool.
        let classes = unsafe (0..<state.pointee.classCount).map { index in
            let sizeClass = unsafe state.pointee.classes[index]
            return Counts.Class(
                bufferBytes: sizeClass.bufferBytes, idle: sizeClass.idleCount,
                outstanding: sizeClass.outstandingCount, made: sizeClass.madeCount)
        }
        return unsafe Counts(
            classes: classes, outstanding: state.pointee.outstandingCount,
            outstandingBytes: state.pointee.outstandingBytes, oversize: state.pointee.oversizeCount,
            refused: state.pointee.refusedCount,
            idleBytes: classes.reduce(state.pointee.idleRegionBytes) { $0 + $1.idle * $1.bufferBytes })
    }

    /// Frees all idle buffers, after a burst or when memory is scarce. O(idle buffers).
    public func freeIdle() { unsafe BufferPoolState.freeIdle(state) }

    /// Whether buffers were made that `freeUnused` may find unused in time. A load.
    var mayHaveUnused: Bool { unsafe state.pointee.mayHaveUnused }

    /// Whether any buffer lies idle that `freeUnused` would free in time. O(classes).
    var hasIdle: Bool { unsafe BufferPoolState.hasIdle(state) }

    /// Frees the buffers that were idle at the last call and that nobody has taken since. Called at regular
    /// times it gives back what a burst needed, and never what is in use: who takes buffers now and then
    /// finds those that it gave back last. O(classes and freed buffers).
    ///
    /// Those of a class that has some made in advance stay: they were asked for.
    func freeUnused() { unsafe BufferPoolState.freeUnused(state) }
}

/// Why a buffer pool could not be made.
public struct BufferPoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A field is outside its limits.
        public static let outOfLimits = Code(description: "out of limits")
        /// A buffer size is not a multiple of 64, so that buffers would share cache lines.
        public static let notAMultipleOf64 = Code(description: "not a multiple of 64")
        /// The system has no memory for the buffers that were to be made in advance.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The field of the configuration, such as `classes[2].bufferBytes`.
    public let field: String
    /// What would have been accepted.
    public let expected: String
    /// What was given, or could be had.
    public let got: String

    init(_ code: Code, field: String, expected: String, got: String) {
        self.code = code
        self.field = field
        self.expected = expected
        self.got = got
    }

    /// The field, what would have been accepted and what was given.
    public var description: String { "\(field): expected \(expected), got \(got)" }
}
