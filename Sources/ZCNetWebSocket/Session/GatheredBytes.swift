import Glibc

/// The bytes of a message that comes in pieces. Grows with what arrives, by doubling, up to what its owner
/// admits; gives its memory back with every message.
///
/// SAFETY: `@safe` because the first `count` bytes of `start` are initialised and the value alone has them.
@safe
struct GatheredBytes: ~Copyable {
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    private static let capacityMin = 512

    init() { unsafe start = nil }

    deinit { unsafe free(start) }

    /// What is there; valid until the next change.
    var filled: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    /// Adds bytes. Amortised O(bytes).
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        let room = unsafe reserve(bytes.count)
        unsafe room.copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Room for `extra` bytes behind what is there; the caller fills it and calls `didFill`.
    mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
        if unsafe capacity - count < extra || start == nil {
            let wanted = max(Self.capacityMin, count + extra, capacity * 2)
            guard let larger = unsafe realloc(start, wanted) else {
                preconditionFailure("out of memory for \(wanted) bytes of a message")
            }
            unsafe start = larger
            capacity = wanted
        }
        guard let start = unsafe start else { preconditionFailure("memory was just reserved") }
        return unsafe start + count
    }

    /// Counts bytes that were written to what `reserve` answered.
    mutating func didFill(_ bytes: Int) { count += bytes }

    /// Forgets the bytes and gives the memory back.
    mutating func release() {
        unsafe free(start)
        unsafe start = nil
        capacity = 0
        count = 0
    }
}
