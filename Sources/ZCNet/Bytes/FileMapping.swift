import ZCLibC

/// Pages of a file in memory, unmapped when the last reference goes.
@safe
final class FileMapping: Sendable {
    // SAFETY: `@safe` because only `deinit` uses the address, and every view of the pages keeps this object.
    // `nonisolated(unsafe)`: the pointer is constant and the pages are read-only.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer
    private let byteCount: Int

    init(start: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.start = unsafe start
        self.byteCount = byteCount
    }

    deinit {
        let result = unsafe munmap(start, byteCount)
        precondition(result == 0, "munmap refused a file's pages")
    }
}
