import Synchronization
import ZCProto

/// Writes down how long each reception of a loop took, from the return of `recv` to the return of the last
/// handler. One loop writes; it is read when the loop has ended.
///
/// SAFETY: unchecked, because only the one loop's thread writes, and reading begins when its end was awaited.
final class TimeKeeper: Tracer, @unchecked Sendable {
    private var nanoseconds: [Int64] = []
    private let frameBytes: Int
    private let limit: Int

    /// - Parameter limit: how many receptions are kept; room for all is made here.
    init(frameBytes: Int, limit: Int) {
        self.frameBytes = frameBytes
        self.limit = limit
        nanoseconds.reserveCapacity(limit)
    }

    func callbackRan(_ id: ConnectionID, _ kind: CallbackKind, bytes: Int, took: Duration) {
        // What is no whole number of frames ended within one, and is not what is measured.
        guard kind == .data, bytes > 0, bytes % frameBytes == 0, nanoseconds.count < limit else { return }
        let whole = took.components
        let passed = whole.seconds * 1_000_000_000 + whole.attoseconds / 1_000_000_000
        nanoseconds.append(passed * Int64(frameBytes) / Int64(bytes))
    }

    /// Nanoseconds for each frame that so many thousandths of the receptions did not exceed.
    func quantiles(_ thousandths: [Int]) -> [Double] {
        // The first tenth warmed up.
        let sorted = nanoseconds.dropFirst(nanoseconds.count / 10).sorted()
        if sorted.isEmpty { return thousandths.map { _ in .nan } }
        return thousandths.map { Double(sorted[min(sorted.count * $0 / 1000, sorted.count - 1)]) }
    }

    var count: Int { nanoseconds.count }
}
