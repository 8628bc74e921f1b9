import Synchronization
import ZCLibC

/// The chunks of one loop: memory that is received into, and that bytes kept beyond the callback stay in.
///
/// A loop needs one chunk at a time as long as no handler retains anything. Each chunk that a handler
/// retained a part of is out until the last such part goes, on whichever thread; then its memory comes back
/// here without a lock, and is used again or, when enough lie idle, freed. The pool does not bound how much
/// may be retained: that is the task of whoever queues retained bytes (a ring's slots, a connection's output
/// limit).
///
/// **Ownership.** The pool owns idle memory. It may go before its chunks: these then free their memory
/// themselves.
///
/// **Threads.** The pool belongs to one thread, the loop's; chunks may go on any.
///
/// **Complexity.** Everything is O(1), except for the return of many chunks at once, which is spread over
/// later takes.
@safe
@usableFromInline
package final class ChunkPool {
    // SAFETY: `@safe` because the pointer is a list that only the owner's methods see.
    /// The default size of a chunk. Untouched pages cost nothing, so it can be generous: a whole burst fits.
    package static let defaultChunkBytes = 512 * 1024
    /// The default for how many chunks may lie idle.
    package static let defaultIdleMax = 16

    /// The size of each chunk: a multiple of the page size.
    package let chunkBytes: Int
    /// How many idle chunks are kept; more are freed as they come back.
    package let idleMax: Int
    /// How many chunks were handed out since the pool was made; compare with ``madeCount`` to see reuse.
    package private(set) var takenCount = 0
    /// How many times a chunk's memory had to be mapped, since the pool was made.
    package private(set) var madeCount = 0

    private let returns: ChunkReturns
    /// Regions that the owner took off the return stack and has not used yet, linked through their first
    /// words.
    private var idleList: UnsafeMutableRawPointer?

    /// Makes a pool without any chunk; the first is mapped when it is needed.
    ///
    /// - Parameters:
    ///   - chunkBytes: the size of a chunk, rounded up to whole pages; 4 KiB to 1 GiB.
    ///   - idleMax: how many idle chunks are kept for reuse; 0 frees each as it comes back.
    /// - Precondition: both lie within these bounds.
    package init(chunkBytes: Int = ChunkPool.defaultChunkBytes, idleMax: Int = ChunkPool.defaultIdleMax) {
        precondition(chunkBytes > 0 && chunkBytes <= 1 << 30, "chunkBytes must be 1 to 1 GiB")
        precondition(idleMax >= 0, "idleMax must not be negative")
        let page = max(4096, sysconf(Int32(_SC_PAGESIZE)))
        self.chunkBytes = (chunkBytes + page - 1) / page * page
        self.idleMax = idleMax
        returns = ChunkReturns(regionBytes: self.chunkBytes, idleMax: idleMax)
    }

    deinit {
        // What is still out detaches: it keeps `returns` alive, whose own deinit proves that nothing was
        // lost.
        unsafe returns.close(freeing: idleList)
    }

    /// How many chunks are in use or retained. Exact when no other thread drops one at the moment.
    package var outstandingCount: Int { returns.aliveCount - returns.idleCount }

    /// The bytes of the chunks that are in use or retained; as exact as ``outstandingCount``.
    var outstandingBytes: Int { outstandingCount * chunkBytes }

    /// How many chunks lie idle. Exact when no other thread drops one at the moment.
    package var idleCount: Int { returns.idleCount }

    /// Has one chunk's memory ready, so that the first `take` cannot fail: for who starts, and can still say
    /// that there is no memory.
    func prepare() throws(SystemError) {
        if unsafe idleList != nil { return }
        guard let region = unsafe returns.map() else {
            throw SystemError("mmap", on: "a chunk of \(chunkBytes) bytes", errno: .current)
        }
        madeCount &+= 1
        // Idle regions come from `takeAll`; this one goes the same way.
        unsafe returns.giveBack(region)
    }

    /// A chunk that nobody else uses.
    func take() -> ChunkStorage {
        takenCount &+= 1
        if unsafe idleList == nil { unsafe idleList = returns.takeAll() }
        let region: UnsafeMutableRawPointer
        if let idle = unsafe idleList {
            unsafe idleList = ChunkReturns.next(of: idle)
            unsafe region = unsafe idle
            returns.didTakeIdle()
        } else {
            guard let mapped = unsafe returns.map() else {
                // Why: running out of memory is treated as Swift treats it everywhere else.
                preconditionFailure("no memory for a chunk of \(chunkBytes) bytes (\(Errno.current))")
            }
            unsafe region = mapped
            madeCount &+= 1
        }
        return unsafe ChunkStorage(region: region, capacity: chunkBytes, returns: returns)
    }
}

/// A region that a loop receives into, and what keeps it alive for everybody who retained a part of it.
///
/// One loop writes, only behind everything that was retained; any thread may drop the last reference, which
/// sends the region back to its pool.
@safe @usableFromInline
final class ChunkStorage: @unchecked Sendable {
    // SAFETY: `@safe` because the region lives exactly as long as the object. `Sendable` is unchecked because
    // the region is written only by `ReceiveMemory`, and only where nobody retained.
    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    private let returns: ChunkReturns

    init(region: UnsafeMutableRawPointer, capacity: Int, returns: ChunkReturns) {
        unsafe start = unsafe region
        self.capacity = capacity
        self.returns = returns
    }

    deinit { unsafe returns.giveBack(start) }
}

/// The part of a chunk pool that chunks can reach from any thread: where their memory goes when they do.
///
/// Memory comes back on a Treiber stack whose links lie in the returned memory itself: any thread pushes one,
/// the owner takes all with one exchange. Taking all is what makes the stack free of the ABA problem: nobody
/// pops a single node.
///
/// The object outlives the pool as long as chunks are out; its `deinit` proves that every region was freed.
@safe
final class ChunkReturns: Sendable {
    // SAFETY: `@safe` because the head is either a state (0, 1) or a region that was pushed and not yet
    // taken, and whoever takes or frees a region is the only one that knows it.
    /// The stack's head: 0 for empty, ``closed``, or the address of the region that was pushed last.
    private let head = Atomic<UInt>(0)
    /// Regions that wait for their next use: on the stack, on the owner's list, or on their way there.
    private let idle = Atomic<Int>(0)
    /// Regions mapped and not yet unmapped, wherever they are.
    private let alive = Atomic<Int>(0)
    private let idleMax: Int
    private let regionBytes: Int

    /// The head's value when the pool is gone. No region has this address.
    private static let closed: UInt = 1

    init(regionBytes: Int, idleMax: Int) {
        self.regionBytes = regionBytes
        self.idleMax = idleMax
    }

    deinit {
        assert(alive.load(ordering: .acquiring) == 0, "a chunk's memory was neither returned nor freed")
    }

    var idleCount: Int { idle.load(ordering: .relaxed) }
    var aliveCount: Int { alive.load(ordering: .relaxed) }

    /// Maps a region; its pages cost nothing until they are touched. Nil where the kernel refuses.
    func map() -> UnsafeMutableRawPointer? {
        let region = unsafe mmap(
            nil, regionBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let region = unsafe region, unsafe region != MAP_FAILED else { return nil }
        alive.wrappingAdd(1, ordering: .relaxed)
        return unsafe region
    }

    /// Takes back the region of a chunk that has gone; called once per chunk, on any thread.
    func giveBack(_ region: UnsafeMutableRawPointer) {
        let hasRoom = idle.wrappingAdd(1, ordering: .relaxed).oldValue < idleMax
        let isKept = unsafe hasRoom && push(region)
        if !isKept {
            idle.wrappingSubtract(1, ordering: .relaxed)
            unsafe unmap(region)
        }
    }

    /// Takes everything that came back: a list linked through the regions' first words. For the owner only.
    func takeAll() -> UnsafeMutableRawPointer? {
        // The relaxed look first keeps the common case, nothing there, free of an atomic exchange.
        guard head.load(ordering: .relaxed) != 0 else { return nil }
        return unsafe UnsafeMutableRawPointer(bitPattern: head.exchange(0, ordering: .acquiring))
    }

    /// The owner's word that it uses a region from the idle ones.
    func didTakeIdle() { idle.wrappingSubtract(1, ordering: .relaxed) }

    /// Lets every later return free its region, and frees what came back, and `list`, the owner's own.
    func close(freeing list: UnsafeMutableRawPointer?) {
        unsafe unmapAll(list)
        let last = head.exchange(Self.closed, ordering: .acquiringAndReleasing)
        unsafe unmapAll(UnsafeMutableRawPointer(bitPattern: last))
    }

    /// The region behind `region` in a list.
    static func next(of region: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        // SAFETY: a region on a list holds its link in its first word.
        unsafe UnsafeMutableRawPointer(bitPattern: region.load(as: UInt.self))
    }

    private func push(_ region: UnsafeMutableRawPointer) -> Bool {
        var expected = head.load(ordering: .relaxed)
        while expected != Self.closed {
            // SAFETY: the chunk is gone, so nobody else knows the region; it is page-aligned and larger than
            // a word.
            unsafe region.storeBytes(of: expected, as: UInt.self)
            let (exchanged, current) = head.weakCompareExchange(
                expected: expected, desired: UInt(bitPattern: region), ordering: .releasing)
            if exchanged { return true }
            expected = current
        }
        return false
    }

    private func unmapAll(_ list: UnsafeMutableRawPointer?) {
        var rest = unsafe list
        while let region = unsafe rest {
            unsafe rest = Self.next(of: region)
            idle.wrappingSubtract(1, ordering: .relaxed)
            unsafe unmap(region)
        }
    }

    private func unmap(_ region: UnsafeMutableRawPointer) {
        // SAFETY: the region was mapped with this length and nothing refers to it any more.
        let result = unsafe munmap(region, regionBytes)
        precondition(result == 0, "munmap refused a chunk's region (errno \(errno))")
        alive.wrappingSubtract(1, ordering: .releasing)
    }
}
