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
