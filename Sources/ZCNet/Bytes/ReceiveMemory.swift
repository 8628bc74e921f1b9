public import ZCBytes

/// Where one loop receives: a chunk that is used again and again until somebody retains a part of it.
///
/// ```swift
/// var memory = ReceiveMemory(pool: pool)
/// let room = unsafe memory.prepare()
/// let count = unsafe recv(socket, room.baseAddress, room.count, 0)
/// handler.onBytes(memory.chunk(count: count))    // lent: the handler cannot keep it, but may retain()
/// memory.recycle()
/// ```
/// As long as nothing is retained the same bytes are overwritten by each receive, which keeps them in the
/// processor's cache; a cycle then allocates nothing and touches no reference count. When something was
/// retained, the next receive goes behind it in the same chunk while ``roomMinBytes`` are left, and otherwise
/// into another chunk.
///
/// **Ownership.** Owns at most one chunk, from the first `prepare()` on. A chunk view is borrowed from this
/// value, so the compiler refuses to recycle while one is in use.
///
/// **Threads.** One thread, the loop's.
///
/// **Complexity.** Everything is O(1).
@frozen
@usableFromInline
package struct ReceiveMemory: ~Copyable {
    /// Below this much room the rest of a chunk is given up: a receive into it would be too small to be worth
    /// its system call.
    package static let defaultRoomMinBytes = 16 * 1024
    /// Retained bytes and later ones share no cache line: other threads may read the former while the latter
    /// change.
    @usableFromInline static let alignment = 64

    /// How much room a receive is given at least.
    @usableFromInline package let roomMinBytes: Int

    @usableFromInline let pool: ChunkPool
    @usableFromInline var storage: ChunkStorage?
    /// Where the current receive begins.
    @usableFromInline var offset = 0
    /// How much of the current receive's room was shown in a view.
    @usableFromInline var shown = 0
    /// Whether a chunk was ever left to those who retained a part of it.
    @usableFromInline var hasLeft = false

    /// Receives into chunks of `pool`; takes none yet.
    ///
    /// - Precondition: `1 <= roomMinBytes <= pool.chunkBytes`.
    package init(pool: ChunkPool, roomMinBytes: Int = ReceiveMemory.defaultRoomMinBytes) {
        precondition(roomMinBytes > 0, "roomMinBytes must be positive")
        precondition(roomMinBytes <= pool.chunkBytes, "roomMinBytes must not exceed a chunk")
        self.pool = pool
        self.roomMinBytes = roomMinBytes
    }

    /// The room for the next receive: at least ``roomMinBytes``. Valid until the next call of a mutating
    /// method.
    ///
    /// Without a `recycle()` in between, the same room is returned again.
    @unsafe @inlinable
    package mutating func prepare() -> UnsafeMutableRawBufferPointer {
        if storage == nil { takeChunk() }
        guard let storage else { preconditionFailure("a chunk was just taken") }
        // SAFETY: the offset lies within the chunk, and nobody retained anything behind it.
        return unsafe UnsafeMutableRawBufferPointer(
            start: storage.start + offset, count: storage.capacity - offset)
    }

    /// Lends the first `count` bytes of the prepared room, which a receive has filled.
    ///
    /// - Precondition: `prepare()` was called and `count` is not more than it offered.
    @_lifetime(&self)
    @inlinable
    package mutating func chunk(count: Int) -> ReceivedChunk {
        guard let storage else { preconditionFailure("prepare() comes before chunk(count:)") }
        precondition(count >= 0 && count <= storage.capacity - offset, "more bytes than there was room for")
        shown = max(shown, count)
        // SAFETY: the bytes lie within the chunk, which `self` holds for longer than the view can live; they
        // are not written before `recycle()`, which the view's lifetime forbids.
        let view = unsafe ReceivedChunk(
            bytes: RawSpan(_unsafeStart: storage.start + offset, byteCount: count),
            storage: Unmanaged.passUnretained(storage))
        return unsafe _overrideLifetime(view, mutating: &self)
    }

    /// Ends the use of the views: makes room for the next receive, behind whatever was retained.
    @inlinable
    package mutating func recycle() {
        // Uniqueness is a plain load, not an atomic update; seeing it also means seeing that other threads
        // are done reading, because it is their release of the reference that it sees.
        if isKnownUniquelyReferenced(&storage) {
            offset = 0
        } else if let capacity = storage?.capacity {
            let mask = Self.alignment - 1
            offset = (offset + shown + mask) & ~mask
            if capacity - offset < roomMinBytes { leaveChunk() }
        }
        shown = 0
    }

    /// Whether the next reception needs no other chunk.
    @inlinable @inline(__always)
    var hasChunk: Bool { storage != nil }

    /// The chunks that others keep alive, as exact as `ChunkPool.outstandingCount`.
    var retainedBytes: Int {
        // Where nobody retains anything, nothing is looked at, turn after turn.
        hasLeft ? pool.outstandingBytes - (storage == nil ? 0 : pool.chunkBytes) : 0
    }

    @usableFromInline
    mutating func takeChunk() {
        storage = pool.take()
        offset = 0
    }

    @usableFromInline
    mutating func leaveChunk() {
        hasLeft = true
        storage = nil
        offset = 0
    }
}

extension ReceiveMemory {
    /// As `chunk(count:)`, for a holder that reaches this value through a pointer and vouches for the order
    /// itself: no `prepare` and no `recycle` while the view is in use.
    @unsafe @_lifetime(immortal)
    mutating func uncheckedChunk(count: Int) -> ReceivedChunk {
        let view = chunk(count: count)
        return unsafe _overrideLifetime(view, borrowing: ())
    }
}

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

    /// All of the bytes, for somebody who has them for no longer than the chunk is lent.
    @_lifetime(borrow holder)
    package func bytes(lentTo holder: borrowing some AnyObject) -> RawSpan {
        // SAFETY: whoever has this uses it only while the chunk is lent.
        let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(memory))
        return unsafe _overrideLifetime(bytes, borrowing: holder)
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
