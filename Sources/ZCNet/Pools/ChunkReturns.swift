import Synchronization
import ZCLibC

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
