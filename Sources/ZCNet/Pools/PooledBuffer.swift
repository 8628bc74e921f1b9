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
    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let state: UnsafeMutablePointer<BufferPoolState>
    /// The class's index, or -1 for memory that was made to measure.
    @usableFromInline let classIndex: Int

    @usableFromInline var written = 0

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

    /// The memory itself, all of it, for the loop's own queues, which keep count of what they write. Valid as
    /// long as the buffer.
    @unsafe @inlinable
    package var memory: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: capacity)
    }
}

/// What a pool and its buffers share: one allocation that lives until the pool and the last buffer have gone.
///
/// Not a class, so that a buffer can refer to it without counting references.
@safe @frozen @usableFromInline
struct BufferPoolState {
    // SAFETY: `@safe` because the pointers are used by the pool's and the buffers' own methods only, on one
    // thread.
    /// One size: the free list and its bookkeeping.
    @safe @frozen @usableFromInline
    struct Class {
        // SAFETY: `@safe` because the list holds buffers that only the pool knows.
        @usableFromInline let bufferBytes: Int
        @usableFromInline let keptIdleMax: Int
        /// How many idle buffers the fast way may keep: none where something has to be checked, or the pool
        /// is gone.
        @usableFromInline var fastIdleMax: Int
        /// Unused buffers, linked through their first words.
        @usableFromInline var firstIdle: UnsafeMutableRawPointer?
        /// The same for a pool that is checked, so that the fast way finds none and the checks cost it
        /// nothing.
        var firstPoisoned: UnsafeMutableRawPointer?
        @usableFromInline var idleCount = 0
        /// Buffers allocated and not freed: changes only on the slow ways, unlike a count of those that are
        /// out.
        var aliveCount = 0
        var madeCount = 0

        var outstandingCount: Int { aliveCount - idleCount }

        init(_ sizeClass: BufferPool.SizeClass, isChecked: Bool) {
            bufferBytes = sizeClass.bufferBytes
            keptIdleMax = sizeClass.keptIdleMax
            fastIdleMax = isChecked ? 0 : sizeClass.keptIdleMax
        }
    }

    /// What a returned buffer is filled with while ``isChecked``.
    @usableFromInline static let poison: UInt8 = 0xDB

    @usableFromInline let classes: UnsafeMutablePointer<Class>
    @usableFromInline let classCount: Int
    @usableFromInline let outstandingBytesMax: Int
    @usableFromInline var outstandingBytes = 0
    /// The books of the loop's memory, which the buffers that are out are part of.
    @usableFromInline let books: UnsafeMutablePointer<MemoryBudget.Books>
    /// Keeps the books for as long as the state exists.
    private let budget: MemoryBudget
    var oversizeOutstandingCount = 0
    var oversizeCount = 0
    var refusedCount = 0
    /// Whether buffers are poisoned and the pool's end is checked.
    let isChecked: Bool
    /// Whether the pool itself is gone and buffers free themselves.
    var isClosed = false

    /// What may still be taken: by the pool's own bound, and by that of all of the loop's memory.
    @inlinable @inline(__always)
    var available: Int {
        unsafe min(outstandingBytesMax &- outstandingBytes, books.pointee.bytesMax &- books.pointee.bytes)
    }

    /// Enters bytes that go out, or with a negative count come back.
    @inlinable @inline(__always)
    mutating func count(_ bytes: Int) {
        outstandingBytes &+= bytes
        unsafe books.pointee.bytes &+= bytes
    }

    /// Allocates the shared state of a pool whose configuration is valid.
    static func make(
        _ configuration: BufferPool.Configuration, _ budget: MemoryBudget, isChecked: Bool
    ) -> UnsafeMutablePointer<BufferPoolState> {
        let classes = UnsafeMutablePointer<Class>.allocate(capacity: configuration.classes.count)
        for (index, sizeClass) in configuration.classes.enumerated() {
            unsafe (classes + index).initialize(to: Class(sizeClass, isChecked: isChecked))
        }
        let state = UnsafeMutablePointer<BufferPoolState>.allocate(capacity: 1)
        unsafe state.initialize(
            to: BufferPoolState(
                classes: classes, classCount: configuration.classes.count,
                outstandingBytesMax: configuration.outstandingBytesMax, budget: budget,
                isChecked: isChecked))
        return unsafe state
    }

    private init(
        classes: UnsafeMutablePointer<Class>, classCount: Int, outstandingBytesMax: Int,
        budget: MemoryBudget, isChecked: Bool
    ) {
        unsafe self.classes = unsafe classes
        self.classCount = classCount
        self.outstandingBytesMax = outstandingBytesMax
        unsafe books = unsafe budget.books
        self.budget = budget
        self.isChecked = isChecked
    }
}

/// What happens when a buffer is made, freed, poisoned or checked: everything that the fast way leaves out.
extension BufferPoolState {
    @usableFromInline typealias State = UnsafeMutablePointer<BufferPoolState>
    @usableFromInline typealias ClassPointer = UnsafeMutablePointer<Class>

    /// Buffers that are out, of any size.
    var outstandingCount: Int {
        (0..<classCount).reduce(oversizeOutstandingCount) { unsafe $0 + classes[$1].outstandingCount }
    }

    /// Memory on a cache line of its own, or nil when the system has none.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
        var memory: UnsafeMutableRawPointer?
        return unsafe posix_memalign(&memory, 64, byteCount) == 0 ? memory : nil
    }

    /// A new buffer of a class, or nil when the system has no memory.
    static func make(_ sizeClass: ClassPointer) -> UnsafeMutableRawPointer? {
        guard let made = unsafe allocate(byteCount: sizeClass.pointee.bufferBytes) else { return nil }
        unsafe sizeClass.pointee.madeCount += 1
        unsafe sizeClass.pointee.aliveCount += 1
        return unsafe made
    }

    /// Takes a poisoned buffer after a look at its poison, or makes one.
    @usableFromInline
    static func takeSlowly(from sizeClass: ClassPointer) -> UnsafeMutableRawPointer? {
        guard let buffer = unsafe sizeClass.pointee.firstPoisoned else { return unsafe make(sizeClass) }
        unsafe checkPoison(buffer, byteCount: sizeClass.pointee.bufferBytes)
        // SAFETY: a buffer on the list holds its link in its first word.
        unsafe sizeClass.pointee.firstPoisoned = unsafe buffer.load(as: UnsafeMutableRawPointer?.self)
        unsafe sizeClass.pointee.idleCount -= 1
        return unsafe buffer
    }

    /// Poisons and keeps a buffer where the pool is checked and has room, frees it otherwise; frees the state
    /// with the last buffer of a pool that is gone.
    @usableFromInline
    static func giveBackSlowly(_ buffer: UnsafeMutableRawPointer, _ index: Int, _ state: State) {
        guard index >= 0 else {
            unsafe state.pointee.oversizeOutstandingCount -= 1
            unsafe free(buffer)
            return unsafe destroyIfUnused(state)
        }
        let sizeClass = unsafe state.pointee.classes + index
        let hasRoom = unsafe sizeClass.pointee.idleCount < sizeClass.pointee.keptIdleMax
        if unsafe hasRoom && state.pointee.isChecked && !state.pointee.isClosed {
            unsafe keep(buffer, in: sizeClass, isChecked: true)
        } else {
            // SAFETY: the memory came from posix_memalign and its only owner is being destroyed.
            unsafe free(buffer)
            unsafe sizeClass.pointee.aliveCount -= 1
            unsafe destroyIfUnused(state)
        }
    }

    /// Puts an unused buffer on its class's list.
    static func keep(_ buffer: UnsafeMutableRawPointer, in sizeClass: ClassPointer, isChecked: Bool) {
        let next = unsafe isChecked ? sizeClass.pointee.firstPoisoned : sizeClass.pointee.firstIdle
        if isChecked {
            let byteCount = unsafe sizeClass.pointee.bufferBytes
            unsafe buffer.initializeMemory(as: UInt8.self, repeating: poison, count: byteCount)
            unsafe sizeClass.pointee.firstPoisoned = unsafe buffer
        } else {
            unsafe sizeClass.pointee.firstIdle = unsafe buffer
        }
        // SAFETY: the buffer is unused and at least a word long.
        unsafe buffer.storeBytes(of: next, as: UnsafeMutableRawPointer?.self)
        unsafe sizeClass.pointee.idleCount += 1
    }

    /// Traps when somebody wrote to the buffer after it was given back.
    static func checkPoison(_ buffer: UnsafeMutableRawPointer, byteCount: Int) {
        // Why: all bytes are equal when the first is the poison and each equals the one before it. The first
        // word holds the list's link.
        let body = unsafe buffer + MemoryLayout<UInt>.size
        let count = byteCount - MemoryLayout<UInt>.size
        let isIntact = unsafe body.load(as: UInt8.self) == poison && memcmp(body, body + 1, count - 1) == 0
        precondition(isIntact, "a pooled buffer of \(byteCount) bytes was written to after it was given back")
    }

    /// Frees every idle buffer.
    static func freeIdle(_ state: State) {
        for index in unsafe 0..<state.pointee.classCount {
            let sizeClass = unsafe state.pointee.classes + index
            while let buffer = unsafe sizeClass.pointee.firstPoisoned {
                unsafe checkPoison(buffer, byteCount: sizeClass.pointee.bufferBytes)
                unsafe sizeClass.pointee.firstPoisoned = unsafe buffer.load(as: UnsafeMutableRawPointer?.self)
                unsafe free(buffer)
            }
            while let buffer = unsafe sizeClass.pointee.firstIdle {
                unsafe sizeClass.pointee.firstIdle = unsafe buffer.load(as: UnsafeMutableRawPointer?.self)
                unsafe free(buffer)
            }
            unsafe sizeClass.pointee.aliveCount -= unsafe sizeClass.pointee.idleCount
            unsafe sizeClass.pointee.idleCount = 0
        }
    }

    /// Ends the pool: idle buffers are freed, those that are out free themselves, the last of them the state.
    static func close(_ state: State) {
        unsafe freeIdle(state)
        for index in unsafe 0..<state.pointee.classCount {
            unsafe state.pointee.classes[index].fastIdleMax = 0
        }
        unsafe state.pointee.isClosed = true
        unsafe destroyIfUnused(state)
    }

    private static func destroyIfUnused(_ state: State) {
        guard unsafe state.pointee.isClosed && state.pointee.outstandingCount == 0 else { return }
        // SAFETY: neither the pool nor a buffer refers to the state any more.
        unsafe state.pointee.classes.deinitialize(count: state.pointee.classCount)
        unsafe state.pointee.classes.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }
}
