public import ZCBytes

/// Bytes as they were received, lent to a handler for the length of a callback.
///
/// ```swift
/// func onBytes(_ chunk: borrowing ReceivedChunk) {
///     guard let length = chunk.load(as: UInt16.self, at: 0, .bigEndian) else { return }
///     let body = chunk.retain(2..<chunk.count)       // no copy; body is Sendable and may be kept
///     queue.append(body)
/// }
/// ```
/// The memory is overwritten by the next receive. A view that could outlive the callback would then show
/// another message's bytes, so the compiler lets none: neither the chunk nor its ``bytes`` can be stored,
/// returned, put into a collection, or captured by a `Task` or an escaping closure. What is to be kept is
/// kept by name: ``retain()`` keeps the memory itself, ``copy()`` takes a copy.
///
/// **Ownership.** The loop owns the memory, until the callback ends.
///
/// **Threads.** The loop's thread; what `retain` and `copy` return may go anywhere.
///
/// **Limits.** `withUnsafeBytes` of a span and `_overrideLifetime` are the language's ways around the rule;
/// code built with strict memory safety is told when it uses them.
///
/// **Complexity.** O(1) everything, O(n) for ``copy()``.
@safe @frozen
public struct ReceivedChunk: ~Copyable, ~Escapable {
    // SAFETY: `@safe` because whoever makes a view with `storage` vouches that it owns the bytes.
    /// The bytes. Valid as long as the chunk.
    public let bytes: RawSpan

    /// The owner of the memory, not retained; nil when it is memory that cannot be kept.
    @usableFromInline let storage: Unmanaged<ChunkStorage>?

    /// Shows bytes that belong to something else than a chunk, such as a buffer that a split message was
    /// gathered in.
    ///
    /// Such memory cannot be kept, so ``retain()`` copies.
    @_lifetime(copy bytes)
    @inlinable
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
        unsafe storage = nil
    }

    @_lifetime(copy bytes)
    @usableFromInline
    init(bytes: RawSpan, storage: Unmanaged<ChunkStorage>?) {
        self.bytes = bytes
        unsafe self.storage = unsafe storage
    }
}

/// Where a lent chunk lies, for a layer that comes back to it before the callback ends, and who keeps it.
///
/// SAFETY: `@safe` because whoever has one uses it only while the chunk that it was taken from is lent.
@safe @frozen
@usableFromInline
package struct LentChunk {
    /// The bytes of the whole chunk, which a protocol layer may decode in place; see
    /// `ReceivedChunk.withUnsafeMutableBytes`.
    @usableFromInline package let memory: UnsafeMutableRawBufferPointer
    @usableFromInline let storage: Unmanaged<ChunkStorage>?

    @usableFromInline
    init(memory: UnsafeMutableRawBufferPointer, storage: Unmanaged<ChunkStorage>?) {
        unsafe self.memory = unsafe memory
        unsafe self.storage = unsafe storage
    }

    /// Nothing: what is kept of bytes with this owner is a copy.
    package static var nothing: LentChunk {
        unsafe LentChunk(memory: UnsafeMutableRawBufferPointer(start: nil, count: 0), storage: nil)
    }

    /// Whether bytes of the chunk are kept without a copy.
    package var isRetainable: Bool { unsafe storage != nil }

    /// Keeps bytes that lie in the chunk, as `ReceivedChunk.retain` does.
    package func retain(_ part: RawSpan) -> SharedBytes {
        unsafe Self.retain(part, storage)
    }

    /// Keeps bytes, without a copy where they have an owner.
    @inlinable
    static func retain(_ part: RawSpan, _ storage: Unmanaged<ChunkStorage>?) -> SharedBytes {
        guard let storage = unsafe storage, part.byteCount > 0 else { return SharedBytes(copying: part) }
        let owner = unsafe storage.takeUnretainedValue()
        return unsafe part.withUnsafeBytes { memory in
            guard let start = memory.baseAddress else { return SharedBytes() }
            // SAFETY: the owner's region holds the bytes, and the loop writes only behind what is retained.
            return unsafe SharedBytes(unsafeStart: start, count: memory.count, owner: owner)
        }
    }
}

extension ReceivedChunk {
    /// The place of the chunk.
    package var lent: LentChunk {
        let storage = unsafe storage
        return unsafe withUnsafeMutableBytes { unsafe LentChunk(memory: $0, storage: storage) }
    }

    /// How many bytes there are.
    @inlinable
    public var count: Int { bytes.byteCount }

    /// Whether there are no bytes.
    @inlinable
    public var isEmpty: Bool { bytes.byteCount == 0 }

    /// The bytes as elements. Valid as long as the chunk.
    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(copy self)
        get {
            Span<UInt8>(_bytes: bytes)
        }
    }

    /// A part of the chunk, lent as the whole is, and like it able to be retained.
    ///
    /// - Precondition: the range lies within `0..<count`.
    @_lifetime(copy self)
    @inlinable
    public func extracting(_ range: Range<Int>) -> ReceivedChunk {
        unsafe ReceivedChunk(bytes: bytes.extracting(range), storage: storage)
    }

    /// Keeps all of the bytes beyond the callback, without a copy where the memory is the loop's.
    ///
    /// What is kept is the whole chunk of the loop (by default 512 KiB), until the last value sharing it
    /// goes: right for bytes that are on their way to another thread or connection; for a few bytes kept for
    /// long, ``copy()`` is better. Copies when the memory is not a chunk's.
    @inlinable
    public func retain() -> SharedBytes { retain(0..<count) }

    /// Keeps some of the bytes beyond the callback; otherwise like ``retain()``.
    ///
    /// - Precondition: the range lies within `0..<count`.
    @inlinable
    public func retain(_ range: Range<Int>) -> SharedBytes {
        unsafe LentChunk.retain(bytes.extracting(range), storage)
    }

    /// Whether `retain` keeps the loop's own memory, and copies nothing.
    @inlinable
    package var isRetainable: Bool { unsafe storage != nil && !bytes.isEmpty }

    /// Copies the bytes into memory of their own. O(n) and one allocation.
    @inlinable
    public func copy() -> SharedBytes { SharedBytes(copying: bytes) }

    /// Calls `body` with the bytes in place, so that a protocol layer can decode them there (unmasking, for
    /// example).
    ///
    /// The caller vouches that the memory is the loop's, not a read-only view, and that nobody has retained
    /// any of it yet: what `retain` returned must never change.
    @unsafe @inlinable
    package func withUnsafeMutableBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe bytes.withUnsafeBytes { (memory) throws(Failure) -> Result in
            try unsafe body(UnsafeMutableRawBufferPointer(mutating: memory))
        }
    }

    /// The integer whose bytes begin at `offset`, or nil when the chunk ends before the integer does.
    ///
    /// Nil rather than an error: a parser that meets the end of its input waits for more, which is no
    /// failure. Needs no alignment.
    @inlinable
    public func load<Value: FixedWidthInteger & BitwiseCopyable>(
        as type: Value.Type, at offset: Int, _ order: ByteOrder
    ) -> Value? {
        bytes.integer(as: type, at: offset, order)
    }
}
