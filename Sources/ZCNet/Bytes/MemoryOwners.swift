import ZCLibC

/// Bytes in an allocation of their own: object header and bytes in one piece, freed together.
///
/// The count is not stored: `SharedBytes` has it, and bytes need no deinitialisation.
@usableFromInline
final class HeapBytes: ManagedBuffer<Void, UInt8> {
    /// An allocation with room for `count` bytes, not yet initialised.
    @usableFromInline
    static func allocate(count: Int) -> HeapBytes {
        let buffer = HeapBytes.create(minimumCapacity: count) { _ in }
        // SAFETY: `create` is called on HeapBytes and makes an instance of the class that it is called on.
        return unsafe unsafeDowncast(buffer, to: HeapBytes.self)
    }

    /// The first byte; valid while the object lives, since tail-allocated memory never moves.
    @usableFromInline
    var start: UnsafeMutableRawPointer {
        unsafe withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
    }
}

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
