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
