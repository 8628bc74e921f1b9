/// Immutable bytes with shared ownership: what a handler keeps, what another thread gets, what a broadcast
/// queues.
///
/// ```swift
/// let frame = SharedBytes("hello".utf8)          // one copy, one allocation
/// let word = frame.slice(1..<3)                  // no copy: "el", keeps the same memory
/// Task { await consume(frame) }                  // Sendable
/// ```
///
/// **Ownership.** The value keeps its memory alive, whatever that is: an allocation of its own, a chunk that
/// a loop received into, a mapped file, or static data. A slice keeps the *whole* of that memory; copy a
/// small slice of a large piece with `SharedBytes(copying: slice.bytes)` when it is to be kept for long. The
/// memory goes when the last value that shares it goes, on whichever thread that happens.
///
/// **Threads.** Any thread, any number at a time: nobody can write the bytes.
///
/// **Complexity.** Copying the value costs one reference count; slicing is O(1); creation from foreign bytes
/// is O(n).
@safe @frozen
public struct SharedBytes: @unchecked Sendable {
    // SAFETY: `@safe` because `start` points at `count` initialised bytes that `owner` keeps alive and nobody
    // writes. `Sendable` is unchecked: whoever makes a value picks an owner whose `deinit` may run on any
    // thread; nothing else of the owner is ever used.
    /// What keeps the memory alive; nil for static data and for no bytes at all.
    @usableFromInline let owner: AnyObject?
    @usableFromInline let start: UnsafeRawPointer

    /// How many bytes there are.
    public let count: Int

    /// Shares `count` bytes at `start`.
    ///
    /// The caller vouches that they are initialised, that nobody writes them from now on, and that `owner`
    /// keeps them alive (nil: that they live as long as the process).
    @unsafe @inlinable
    package init(unsafeStart start: UnsafeRawPointer, count: Int, owner: AnyObject?) {
        self.owner = owner
        unsafe self.start = unsafe start
        self.count = count
    }
}

extension SharedBytes {
    /// Whether there are no bytes.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// The bytes, borrowed: the view cannot outlive the value that it was taken from.
    ///
    /// O(1), no reference counting of its own.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: `self` keeps the memory alive and the view cannot outlive `self`.
            let view = unsafe RawSpan(_unsafeStart: start, byteCount: count)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// The bytes as elements, borrowed like ``bytes``.
    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            // SAFETY: as in `bytes`; every bit pattern is a UInt8.
            let view = unsafe Span<UInt8>(_bytes: RawSpan(_unsafeStart: start, byteCount: count))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// The byte at `offset`.
    ///
    /// - Precondition: `0 <= offset < count`.
    @inlinable
    public subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < count, "SharedBytes offset out of bounds")
        // SAFETY: checked above.
        return unsafe start.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The size of the allocation that the value keeps alive, as a loop's books have it: nothing for what
    /// lies in a chunk, which is charged as one, for static data, and for a mapped file, whose pages are the
    /// kernel's.
    package var chargedBytes: Int {
        switch owner {
        case nil: 0
        case let heap as HeapBytes: heap.capacity + 32
        case let memory as MallocBytes: memory.capacity
        case is ChunkStorage, is FileMapping: 0
        default: count
        }
    }

    /// The same memory, narrowed to `range`; no byte is copied and all of the memory stays alive.
    ///
    /// O(1): one reference count.
    ///
    /// - Precondition: the range lies within `0..<count`.
    @inlinable
    public func slice(_ range: Range<Int>) -> SharedBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "SharedBytes slice out of bounds")
        guard !range.isEmpty else { return SharedBytes() }
        // SAFETY: the range lies within bytes that `owner` keeps.
        return unsafe SharedBytes(unsafeStart: start + range.lowerBound, count: range.count, owner: owner)
    }

    /// Calls `body` with the address of the bytes, which is valid during the call only.
    @unsafe @inlinable
    public func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(owner) { () throws(Failure) -> Result in
            try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
