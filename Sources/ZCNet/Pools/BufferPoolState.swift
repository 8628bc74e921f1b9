import ZCLibC

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
