import Glibc

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
        /// Unused buffers, linked through their first words.
        @usableFromInline var firstIdle: UnsafeMutableRawPointer?
        @usableFromInline var idleCount = 0
        @usableFromInline var outstandingCount = 0
        @usableFromInline var madeCount = 0

        init(_ sizeClass: BufferPool.SizeClass) {
            bufferBytes = sizeClass.bufferBytes
            keptIdleMax = sizeClass.keptIdleMax
        }
    }

    /// What a returned buffer is filled with while ``isChecked``.
    @usableFromInline static let poison: UInt8 = 0xDB

    @usableFromInline let classes: UnsafeMutablePointer<Class>
    @usableFromInline let classCount: Int
    @usableFromInline let outstandingBytesMax: Int
    @usableFromInline var outstandingBytes = 0
    @usableFromInline var outstandingCount = 0
    @usableFromInline var oversizeCount = 0
    @usableFromInline var refusedCount = 0
    /// Whether buffers are poisoned and the pool's end is checked.
    @usableFromInline let isChecked: Bool
    /// Whether the pool itself is gone and buffers free themselves.
    @usableFromInline var isClosed = false

    /// Allocates the shared state of a pool whose configuration is valid.
    static func make(
        _ configuration: BufferPool.Configuration, isChecked: Bool
    ) -> UnsafeMutablePointer<BufferPoolState> {
        let classes = UnsafeMutablePointer<Class>.allocate(capacity: configuration.classes.count)
        for (index, sizeClass) in configuration.classes.enumerated() {
            unsafe (classes + index).initialize(to: Class(sizeClass))
        }
        let state = UnsafeMutablePointer<BufferPoolState>.allocate(capacity: 1)
        unsafe state.initialize(
            to: BufferPoolState(
                classes: classes, classCount: configuration.classes.count,
                outstandingBytesMax: configuration.outstandingBytesMax, isChecked: isChecked))
        return unsafe state
    }

    private init(
        classes: UnsafeMutablePointer<Class>, classCount: Int, outstandingBytesMax: Int, isChecked: Bool
    ) {
        unsafe self.classes = unsafe classes
        self.classCount = classCount
        self.outstandingBytesMax = outstandingBytesMax
        self.isChecked = isChecked
    }
}

extension BufferPoolState {
    /// Memory on a cache line of its own, or nil when the system has none.
    @usableFromInline
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
        var memory: UnsafeMutableRawPointer?
        return unsafe posix_memalign(&memory, 64, byteCount) == 0 ? memory : nil
    }

    /// Puts a buffer on its class's list. The caller has checked that there is room.
    @inlinable
    static func pushIdle(_ buffer: UnsafeMutableRawPointer, to sizeClass: UnsafeMutablePointer<Class>) {
        // SAFETY: the buffer is unused and at least a word long.
        unsafe buffer.storeBytes(
            of: sizeClass.pointee.firstIdle, as: UnsafeMutableRawPointer?.self)
        unsafe sizeClass.pointee.firstIdle = unsafe buffer
        unsafe sizeClass.pointee.idleCount &+= 1
    }

    /// Takes a buffer off its class's list.
    @inlinable
    static func popIdle(from sizeClass: UnsafeMutablePointer<Class>) -> UnsafeMutableRawPointer? {
        guard let buffer = unsafe sizeClass.pointee.firstIdle else { return nil }
        // SAFETY: a buffer on the list holds its link in its first word.
        unsafe sizeClass.pointee.firstIdle = unsafe buffer.load(as: UnsafeMutableRawPointer?.self)
        unsafe sizeClass.pointee.idleCount &-= 1
        return unsafe buffer
    }

    @usableFromInline
    static func fillWithPoison(_ buffer: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: poison, count: byteCount)
    }

    /// Traps when somebody wrote to the buffer after it was given back.
    @usableFromInline
    static func checkPoison(_ buffer: UnsafeMutableRawPointer, byteCount: Int) {
        // Why: all bytes are equal when the first is the poison and each equals the one before it. The first
        // word holds the list's link.
        let body = unsafe buffer + MemoryLayout<UInt>.size
        let count = byteCount - MemoryLayout<UInt>.size
        let isIntact = unsafe body.load(as: UInt8.self) == poison && memcmp(body, body + 1, count - 1) == 0
        precondition(isIntact, "a pooled buffer of \(byteCount) bytes was written to after it was given back")
    }

    /// Frees every idle buffer.
    static func freeIdle(_ state: UnsafeMutablePointer<BufferPoolState>) {
        for index in unsafe 0..<state.pointee.classCount {
            let sizeClass = unsafe state.pointee.classes + index
            while let buffer = unsafe popIdle(from: sizeClass) {
                if unsafe state.pointee.isChecked {
                    unsafe checkPoison(buffer, byteCount: sizeClass.pointee.bufferBytes)
                }
                unsafe free(buffer)
            }
        }
    }

    /// Frees the state itself: nobody refers to it any more.
    @usableFromInline
    static func destroy(_ state: UnsafeMutablePointer<BufferPoolState>) {
        unsafe state.pointee.classes.deinitialize(count: state.pointee.classCount)
        unsafe state.pointee.classes.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }
}
