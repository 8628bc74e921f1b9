import ZCLibC

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

    /// The bytes, for an object that keeps this value, or an equal one, for as long as it shows them.
    @_lifetime(borrow keeper)
    package func bytes(lentTo keeper: borrowing some AnyObject) -> RawSpan {
        // SAFETY: the keeper vouches for it.
        unsafe _overrideLifetime(bytes, borrowing: keeper)
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

extension SharedBytes {
    /// No bytes; allocates nothing.
    @inlinable
    public init() { self.init("") }

    /// Copies the bytes of a view into memory of their own.
    ///
    /// O(n) and one allocation; none for an empty view.
    @inlinable
    public init(copying bytes: RawSpan) {
        let count = bytes.byteCount
        guard count > 0 else { self.init(); return }
        let heap = HeapBytes.allocate(count: count)
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: `heap` has room for `count` bytes and nobody else knows it yet; a non-empty view has an
            // address.
            if let from = source.baseAddress { unsafe heap.start.copyMemory(from: from, byteCount: count) }
        }
        unsafe self.init(unsafeStart: heap.start, count: count, owner: heap)
    }

    /// Copies a collection of bytes, such as an `Array` or a string's `utf8`, into memory of their own.
    ///
    /// O(n) and one allocation; none for an empty collection.
    @inlinable
    public init(copying bytes: some Collection<UInt8>) {
        let count = bytes.count
        self.init(count: count) { output in
            for byte in bytes {
                // A collection whose count was wrong must not write past the end: append checks.
                output.append(byte)
            }
        }
        precondition(self.count == count, "the collection has fewer elements than its count says")
    }

    /// Copies the UTF-8 bytes of a string.
    ///
    /// O(n) and one allocation; none for an empty string.
    @inlinable
    public init(_ text: String.UTF8View) {
        // SAFETY: the view is used during the call only.
        let copied = unsafe text.withContiguousStorageIfAvailable { storage in
            unsafe SharedBytes(copying: RawSpan(_unsafeBytes: UnsafeRawBufferPointer(storage)))
        }
        self = copied ?? SharedBytes(copying: text)
    }

    /// Shows the bytes of a literal in place: no copy, no allocation, no reference count.
    @inlinable
    public init(_ text: StaticString) {
        if text.hasPointerRepresentation {
            // SAFETY: a static string's bytes live, unchanged, as long as the process.
            unsafe self.init(unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount, owner: nil)
        } else {
            self.init(copying: Character(text.unicodeScalar).utf8)
        }
    }

    /// Makes room for up to `count` bytes and lets a closure write them, in place and without a second copy.
    ///
    /// ```swift
    /// let pong = SharedBytes(count: 4) { output in
    ///     for byte in "pong".utf8 { output.append(byte) }
    /// }
    /// ```
    /// The value has as many bytes as the closure wrote, which may be fewer than `count`; writing more traps.
    /// If the closure throws, nothing is left behind.
    @inlinable
    public init<Failure: Error>(
        count: Int, initializingWith write: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count >= 0, "a negative count")
        let heap = HeapBytes.allocate(count: count)
        // SAFETY: `heap` has room for `count` bytes, nobody else knows it yet, and the output ends before it
        // is shared.
        let memory = unsafe UnsafeMutableRawBufferPointer(start: heap.start, count: count)
        var output = unsafe OutputRawSpan(buffer: memory, initializedCount: 0)
        try write(&output)
        let written = unsafe output.finalize(for: memory)
        guard written > 0 else { self.init(); return }
        unsafe self.init(unsafeStart: heap.start, count: written, owner: heap)
    }
}

/// A collection of bytes: `Array(bytes)` and Foundation's `Data(bytes)` copy all of them at once.
extension SharedBytes: RandomAccessCollection {
    /// The first offset, which is always 0.
    @inlinable public var startIndex: Int { 0 }
    /// The number of bytes.
    @inlinable public var endIndex: Int { count }

    /// Calls `body` with the bytes where they are, which is for the call only.
    @inlinable
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        // SAFETY: `self` keeps the memory for the call; every bit pattern is a UInt8.
        try withExtendedLifetime(owner) {
            let bytes = unsafe UnsafeBufferPointer(
                start: start.assumingMemoryBound(to: UInt8.self), count: count)
            return try unsafe body(bytes)
        }
    }
}

extension SharedBytes: Equatable {
    /// Whether both have the same bytes, wherever these are. O(n), O(1) for the same memory.
    public static func == (left: SharedBytes, right: SharedBytes) -> Bool {
        guard left.count == right.count else { return false }
        if unsafe left.start == right.start { return true }
        // SAFETY: both sides have `count` bytes and are kept by the parameters.
        return unsafe memcmp(left.start, right.start, left.count) == 0
    }

    /// Whether the value has the same bytes as a borrowed view. O(n).
    public func hasSameBytes(as view: RawSpan) -> Bool {
        guard count == view.byteCount else { return false }
        return unsafe view.withUnsafeBytes { other in
            // SAFETY: both sides have `count` bytes; an empty view may have no address.
            guard let address = other.baseAddress else { return true }
            return unsafe memcmp(start, address, count) == 0
        }
    }
}

extension SharedBytes: Hashable {
    /// Hashes the content, so equal bytes in different memory hash alike. O(n).
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        unsafe withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}

extension SharedBytes: CustomStringConvertible {
    /// The count and the first bytes in hexadecimal: `SharedBytes(5: 68 65 6c 6c 6f)`.
    public var description: String {
        let shown = 16
        var text = "SharedBytes(\(count)"
        for offset in 0..<Swift.min(count, shown) {
            let digits = String(self[offset], radix: 16)
            text += (offset == 0 ? ": " : " ") + (digits.count == 1 ? "0" : "") + digits
        }
        return text + (count > shown ? " …)" : ")")
    }
}

extension SharedBytes: ExpressibleByStringLiteral {
    /// Shows the bytes of a literal in place, without a copy.
    @inlinable
    public init(stringLiteral text: StaticString) { self.init(text) }
}

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
