internal import CZCNet
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
        /// Whether some were made in advance, and are to stay.
        let isPlanned: Bool
        /// How many idle buffers the fast way may keep: none where something has to be checked, or the pool
        /// is gone.
        @usableFromInline var fastIdleMax: Int
        /// Unused buffers, linked through their first words.
        @usableFromInline var firstIdle: UnsafeMutableRawPointer?
        /// The same for a pool that is checked, so that the fast way finds none and the checks cost it
        /// nothing.
        var firstPoisoned: UnsafeMutableRawPointer?
        /// Of the idle ones those that nobody has taken since the last `freeUnused`; out of the fast way's
        /// sight, which costs it nothing either.
        var firstUnused: UnsafeMutableRawPointer?
        @usableFromInline var idleCount = 0
        /// Buffers allocated and not freed: changes only on the slow ways, unlike a count of those that are
        /// out.
        var aliveCount = 0
        var madeCount = 0

        var outstandingCount: Int { aliveCount - idleCount }

        init(_ sizeClass: BufferPool.SizeClass, isChecked: Bool) {
            bufferBytes = sizeClass.bufferBytes
            keptIdleMax = sizeClass.keptIdleMax
            isPlanned = sizeClass.preallocated > 0
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
    /// Idle memory larger than any class's, and of it what nobody has taken since the last `freeUnused`.
    var firstRegion: UnsafeMutableRawPointer?
    var firstUnusedRegion: UnsafeMutableRawPointer?
    var idleRegionBytes = 0
    /// Whether buffers were made that may lie unused in time.
    var mayHaveUnused = false
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

    /// From here on memory is mapped, and unmapped when it is freed. The C library keeps freed memory of such
    /// sizes as soon as it has seen some of them, and gives it back at no time that anybody could name.
    private static let mappedBytesMin = 128 << 10

    /// Memory on a cache line of its own, or nil when the system has none.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
        if byteCount >= mappedBytesMin {
            let region = unsafe mmap(
                nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            return unsafe region == MAP_FAILED ? nil : region
        }
        var memory: UnsafeMutableRawPointer?
        return unsafe posix_memalign(&memory, 64, byteCount) == 0 ? memory : nil
    }

    /// Frees what `allocate` gave for so many bytes.
    static func free(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        guard byteCount >= mappedBytesMin else { return unsafe ZCLibC.free(memory) }
        // SAFETY: the memory was mapped with this length, and its only owner lets go of it.
        let result = unsafe munmap(memory, byteCount)
        precondition(result == 0, "munmap refused a buffer of \(byteCount) bytes (errno \(errno))")
    }

    /// A new buffer of a class, or nil when the system has no memory.
    static func make(_ sizeClass: ClassPointer) -> UnsafeMutableRawPointer? {
        guard let made = unsafe allocate(byteCount: sizeClass.pointee.bufferBytes) else { return nil }
        unsafe sizeClass.pointee.madeCount += 1
        unsafe sizeClass.pointee.aliveCount += 1
        return unsafe made
    }

    /// Takes a poisoned buffer after a look at its poison, or one that was out of sight, or makes one.
    @usableFromInline
    static func takeSlowly(_ state: State, from sizeClass: ClassPointer) -> UnsafeMutableRawPointer? {
        // SAFETY: a buffer on a list holds its link in its first word.
        let buffer: UnsafeMutableRawPointer
        if let poisoned = unsafe sizeClass.pointee.firstPoisoned {
            unsafe sizeClass.pointee.firstPoisoned = unsafe poisoned.load(as: UnsafeMutableRawPointer?.self)
            unsafe buffer = unsafe poisoned
        } else if let unused = unsafe sizeClass.pointee.firstUnused {
            unsafe sizeClass.pointee.firstUnused = unsafe unused.load(as: UnsafeMutableRawPointer?.self)
            unsafe buffer = unsafe unused
        } else {
            unsafe state.pointee.mayHaveUnused = true
            return unsafe make(sizeClass)
        }
        if unsafe state.pointee.isChecked {
            unsafe checkPoison(buffer, byteCount: sizeClass.pointee.bufferBytes)
        }
        unsafe sizeClass.pointee.idleCount -= 1
        return unsafe buffer
    }

    /// Poisons and keeps a buffer where the pool is checked and has room, frees it otherwise; frees the state
    /// with the last buffer of a pool that is gone.
    @usableFromInline
    static func giveBackSlowly(_ buffer: UnsafeMutableRawPointer, _ index: Int, _ state: State) {
        let sizeClass = unsafe state.pointee.classes + index
        let hasRoom = unsafe sizeClass.pointee.idleCount < sizeClass.pointee.keptIdleMax
        if unsafe hasRoom && state.pointee.isChecked && !state.pointee.isClosed {
            unsafe keep(buffer, in: sizeClass, isChecked: true)
        } else {
            unsafe free(buffer, byteCount: sizeClass.pointee.bufferBytes)
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
            unsafe freeAll(&sizeClass.pointee.firstPoisoned, of: sizeClass, state)
            unsafe freeAll(&sizeClass.pointee.firstIdle, of: sizeClass, state)
            unsafe freeAll(&sizeClass.pointee.firstUnused, of: sizeClass, state)
        }
        unsafe freeRegions(&state.pointee.firstRegion, state)
        unsafe freeRegions(&state.pointee.firstUnusedRegion, state)
    }

    /// Frees the buffers on a list of a class's idle ones.
    private static func freeAll(
        _ list: inout UnsafeMutableRawPointer?, of sizeClass: ClassPointer, _ state: State
    ) {
        let byteCount = unsafe sizeClass.pointee.bufferBytes
        while let buffer = unsafe list {
            if unsafe state.pointee.isChecked { unsafe checkPoison(buffer, byteCount: byteCount) }
            // SAFETY: a buffer on a list holds its link in its first word.
            unsafe list = unsafe buffer.load(as: UnsafeMutableRawPointer?.self)
            unsafe free(buffer, byteCount: byteCount)
            unsafe sizeClass.pointee.aliveCount -= 1
            unsafe sizeClass.pointee.idleCount -= 1
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

/// What is larger than any class: memory to measure, of which some is kept for the next that is as large.
///
/// Why: pages that the kernel has to find and clear anew for each message of some megabytes cost more than
/// all that is done with the message.
extension BufferPoolState {
    /// What is kept at most: a few of the largest messages that servers usually allow.
    private static let regionsKeptBytesMax = 64 << 20
    /// Kept memory that is so many times as large as asked for is left to others.
    private static let regionExcessMax = 8

    /// What an idle region begins with.
    ///
    /// SAFETY: `@safe` because only the functions below read the link, which names another idle region.
    @safe
    private struct RegionHead: BitwiseCopyable {
        var next: UnsafeMutableRawPointer?
        var bytes: Int
    }

    /// Memory of at least so many bytes, kept or new; nil where it does not fit.
    ///
    /// - Parameter prefersLargest: for who will go on growing.
    static func takeOversize(
        _ state: State, _ capacity: Int, prefersLargest: Bool
    ) -> (start: UnsafeMutableRawPointer, bytes: Int)? {
        guard unsafe capacity <= state.pointee.available else { return nil }
        if let kept = unsafe fittingRegion(state, capacity, prefersLargest: prefersLargest) {
            return unsafe take(kept, state)
        }
        if let widened = unsafe widenKept(state, to: capacity) { return unsafe widened }
        guard let start = unsafe allocate(byteCount: capacity) else { return nil }
        unsafe state.pointee.mayHaveUnused = true
        return unsafe (start, capacity)
    }

    /// Keeps memory that is given back, or frees it.
    @usableFromInline
    static func giveBackOversize(_ memory: UnsafeMutableRawPointer, _ bytes: Int, _ state: State) {
        unsafe state.pointee.oversizeOutstandingCount -= 1
        let isKept =
            unsafe bytes >= mappedBytesMin && !state.pointee.isClosed && !state.pointee.isChecked
            && bytes <= min(regionsKeptBytesMax, state.pointee.outstandingBytesMax / 4)
                - state.pointee.idleRegionBytes
        guard isKept else {
            unsafe free(memory, byteCount: bytes)
            return unsafe destroyIfUnused(state)
        }
        // SAFETY: the memory is unused from now on, and has room for the head.
        unsafe memory.storeBytes(
            of: RegionHead(next: state.pointee.firstRegion, bytes: bytes), as: RegionHead.self)
        unsafe state.pointee.firstRegion = unsafe memory
        unsafe state.pointee.idleRegionBytes += bytes
    }

    /// One of the idle regions, by its size and its list.
    private struct KeptRegion {
        let bytes: Int
        let isUnused: Bool
    }

    /// The kept region to give to who wants so many bytes; nil where none fits.
    private static func fittingRegion(_ state: State, _ bytes: Int, prefersLargest: Bool) -> KeptRegion? {
        let most = unsafe min(bytes * regionExcessMax, state.pointee.available)
        return unsafe most < bytes ? nil : bestRegion(state, in: bytes...most, prefersLargest: prefersLargest)
    }

    /// The smallest or the largest of the kept regions that have such a size.
    private static func bestRegion(
        _ state: State, in sizes: ClosedRange<Int>, prefersLargest: Bool
    ) -> KeptRegion? {
        var best: KeptRegion?
        for isUnused in [false, true] {
            var next = unsafe isUnused ? state.pointee.firstUnusedRegion : state.pointee.firstRegion
            while let region = unsafe next {
                let head = unsafe region.load(as: RegionHead.self)
                unsafe next = unsafe head.next
                let size = head.bytes
                guard sizes.contains(size) else { continue }
                let isBetter = best.map { prefersLargest ? size > $0.bytes : size < $0.bytes } ?? true
                if isBetter { best = KeptRegion(bytes: size, isUnused: isUnused) }
            }
        }
        return best
    }

    private static func take(
        _ kept: KeptRegion, _ state: State
    ) -> (start: UnsafeMutableRawPointer, bytes: Int)? {
        let start =
            unsafe kept.isUnused
            ? unlink(&state.pointee.firstUnusedRegion, kept.bytes)
            : unlink(&state.pointee.firstRegion, kept.bytes)
        guard let start = unsafe start else { return nil }
        unsafe state.pointee.idleRegionBytes -= kept.bytes
        return unsafe (start, kept.bytes)
    }

    /// Moves the pages of a kept region that is somewhat too small to where there is room for the rest of
    /// them; nil where none has half of the size.
    ///
    /// Why: answers of a connection are cut by the kernel where it pleases. Left beside as many new pages,
    /// each that is shorter than the next would stay until nobody has used it for a while.
    private static func widenKept(
        _ state: State, to bytes: Int
    ) -> (start: UnsafeMutableRawPointer, bytes: Int)? {
        guard let kept = unsafe bestRegion(state, in: bytes / 2...bytes, prefersLargest: true),
            let region = unsafe take(kept, state)
        else { return nil }
        // SAFETY: only mappings are kept, this one is nobody else's from now on, and has this length.
        let moved = unsafe zc_remap(region.start, region.bytes, bytes)
        guard let moved = unsafe moved == MAP_FAILED ? nil : moved else {
            unsafe free(region.start, byteCount: region.bytes)
            return nil
        }
        return unsafe (moved, bytes)
    }

    /// Takes the first region of a size off a list.
    private static func unlink(
        _ list: inout UnsafeMutableRawPointer?, _ bytes: Int
    ) -> UnsafeMutableRawPointer? {
        var previous: UnsafeMutableRawPointer?
        var next = unsafe list
        while let region = unsafe next {
            let head = unsafe region.load(as: RegionHead.self)
            if head.bytes == bytes {
                if let previous = unsafe previous {
                    // SAFETY: a region on a list begins with its link.
                    unsafe previous.storeBytes(of: head.next, as: UnsafeMutableRawPointer?.self)
                } else {
                    unsafe list = unsafe head.next
                }
                return unsafe region
            }
            unsafe previous = unsafe region
            unsafe next = unsafe head.next
        }
        return nil
    }

    private static func freeRegions(_ list: inout UnsafeMutableRawPointer?, _ state: State) {
        while let region = unsafe list {
            let head = unsafe region.load(as: RegionHead.self)
            unsafe list = unsafe head.next
            unsafe state.pointee.idleRegionBytes -= head.bytes
            unsafe free(region, byteCount: head.bytes)
        }
    }

    // MARK: Growing

    /// Moves the pages of a large buffer to where there is room for more of them; nil where that cannot be.
    static func extend(
        _ start: UnsafeMutableRawPointer, _ bytes: Int, to larger: Int, _ state: State
    ) -> UnsafeMutableRawPointer? {
        let largest = unsafe state.pointee.classes[state.pointee.classCount - 1].bufferBytes
        guard bytes >= mappedBytesMin, larger > largest, unsafe larger - bytes <= state.pointee.available,
            unsafe !state.pointee.isClosed
        else { return nil }
        // Idle memory first: copying less than it holds costs less than as many new pages.
        if unsafe fittingRegion(state, larger, prefersLargest: true) != nil { return nil }
        // SAFETY: the mapping is the buffer's alone, and has this length.
        let moved = unsafe zc_remap(start, bytes, larger)
        return unsafe moved == MAP_FAILED ? nil : moved
    }

    /// Enters that a buffer has grown beyond its class.
    static func didExtend(_ state: State, _ classIndex: Int, by bytes: Int) {
        unsafe state.pointee.count(bytes)
        guard classIndex >= 0 else { return }
        unsafe state.pointee.classes[classIndex].aliveCount -= 1
        unsafe state.pointee.oversizeOutstandingCount += 1
        unsafe state.pointee.oversizeCount += 1
        unsafe state.pointee.mayHaveUnused = true
    }

    // MARK: What nobody needs any more

    static func hasIdle(_ state: State) -> Bool {
        if unsafe state.pointee.idleRegionBytes > 0 { return true }
        let count = unsafe state.pointee.classCount
        return (0..<count).contains { index in
            unsafe !state.pointee.classes[index].isPlanned && state.pointee.classes[index].idleCount > 0
        }
    }

    /// Frees what was put out of sight the last time and is still there, and does so to what is idle now.
    static func freeUnused(_ state: State) {
        var isAnyAlive = unsafe state.pointee.oversizeOutstandingCount > 0
        for index in unsafe 0..<state.pointee.classCount {
            let sizeClass = unsafe state.pointee.classes + index
            if unsafe sizeClass.pointee.isPlanned { continue }
            unsafe freeAll(&sizeClass.pointee.firstUnused, of: sizeClass, state)
            if unsafe state.pointee.isChecked {
                unsafe swap(&sizeClass.pointee.firstUnused, &sizeClass.pointee.firstPoisoned)
            } else {
                unsafe swap(&sizeClass.pointee.firstUnused, &sizeClass.pointee.firstIdle)
            }
            if unsafe sizeClass.pointee.aliveCount > 0 { isAnyAlive = true }
        }
        unsafe freeRegions(&state.pointee.firstUnusedRegion, state)
        unsafe swap(&state.pointee.firstUnusedRegion, &state.pointee.firstRegion)
        unsafe state.pointee.mayHaveUnused = unsafe isAnyAlive || state.pointee.idleRegionBytes > 0
    }
}
