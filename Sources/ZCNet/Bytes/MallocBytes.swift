import ZCLibC

/// Bytes that were made with `malloc` by somebody else (a `WriteBuffer`) and handed over without a copy.
@safe @usableFromInline
final class MallocBytes: @unchecked Sendable {
    // SAFETY: `@safe` because only `deinit` uses the pointer; `Sendable` is unchecked because nobody writes
    // the memory after it was handed over.
    private let start: UnsafeMutableRawPointer
    /// How many bytes were allocated.
    let capacity: Int

    /// Takes over `start`, which must come from the `malloc` family and belong to nobody else any more.
    @usableFromInline
    init(adopting start: UnsafeMutableRawPointer, capacity: Int) {
        unsafe self.start = unsafe start
        self.capacity = capacity
    }

    // SAFETY: every view of the memory keeps this object, so none is left.
    deinit { unsafe free(start) }
}
