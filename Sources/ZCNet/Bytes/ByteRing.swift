import ZCLibC

/// A first-in, first-out buffer of bytes that are looked at in place and discarded when they were understood.
///
/// ```swift
/// var ring = ByteRing(limit: 64 * 1024)
/// try ring.write(received)
/// if let length = ring.peek().load(as: UInt32.self, at: 0, .bigEndian), ring.count >= 4 + Int(length) {
///     parse(ring.linearise(4 + Int(length)))
///     ring.discard(4 + Int(length))
/// }
/// ```
/// Inside the loop, messages are parsed in the received chunk; a ring is for bytes that cross a boundary and
/// wait: from another thread, from a pipe, between two protocols.
///
/// **Ownership.** Owns its memory alone. What `peek` shows is lent: the compiler ends it before the ring
/// changes.
///
/// **Threads.** One thread at a time; may be sent to another.
///
/// **Complexity.** Peek and discard are O(1), writing is amortised O(bytes). Memory grows by doubling, up to
/// the limit; it shrinks only with ``removeAll(keepingCapacity:)``.
///
/// **Limits.** ``limit`` bytes; nothing is allocated before the first write.
@safe
public struct ByteRing: ~Copyable, @unchecked Sendable {
    // SAFETY: `@safe` because `start` has room for `capacity` bytes, of which the `count` from `head` on,
    // around the end, are initialised, and the value alone refers to it; that is also why it may be sent.
    private(set) var start: UnsafeMutableRawPointer?
    /// Where the first byte lies: below `capacity`, and 0 when the ring is empty.
    private(set) var head = 0

    /// The default bound.
    public static let defaultLimit = 1024 * 1024
    /// The least that is allocated.
    private static let capacityMin = 512

    /// How many bytes the ring may hold.
    public let limit: Int
    /// How many bytes the ring holds.
    public private(set) var count = 0
    /// How many bytes fit into the memory that the ring has now.
    public private(set) var capacity = 0

    /// Makes an empty ring, without memory.
    ///
    /// - Precondition: `limit >= 0`.
    public init(limit: Int = ByteRing.defaultLimit) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
        unsafe start = nil
    }

    deinit { unsafe free(start) }

    /// Whether the ring holds nothing.
    public var isEmpty: Bool { count == 0 }
    /// How many bytes more the ring may take.
    public var freeCount: Int { limit - count }

    /// Drops the first `count` bytes.
    ///
    /// - Precondition: `0 <= count <= self.count`.
    public mutating func discard(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more bytes discarded than there are")
        self.count -= count
        // Why: an empty ring begins at the front again, which makes wrapping rare.
        head = self.count == 0 ? 0 : wrapped(head + count)
    }

    /// Drops everything. Keeps the memory unless told otherwise.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        count = 0
        head = 0
        if !keepingCapacity {
            unsafe free(start)
            unsafe start = nil
            capacity = 0
        }
    }

    /// Appends bytes, all or none.
    ///
    /// - Throws: ``ByteRingError`` when they do not fit.
    public mutating func write(_ bytes: RawSpan) throws(ByteRingError) {
        let length = bytes.byteCount
        guard length > 0 else { return }
        try ensureRoom(for: length)
        unsafe bytes.withUnsafeBytes { source in
            let (first, second) = unsafe freeRegions
            let firstCount = min(length, first.count)
            // SAFETY: the free regions have room for all, and the source is not this ring's memory.
            unsafe first.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<firstCount]))
            unsafe second.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[firstCount...]))
        }
        count += length
    }

    /// Lets `body` fill free space, for example by `readv`, and appends as many bytes as it says it wrote.
    ///
    /// `body` gets the free space in order, the second part being empty unless the space wraps around, and
    /// returns how many bytes from its beginning it has written. The addresses are valid during the call
    /// only. If it throws, nothing was appended.
    ///
    /// - Parameter minimumCount: how much space there must be at least; there may be more.
    /// - Throws: ``ByteRingError`` when there cannot be so much space.
    /// - Precondition: the closure returns no more than it was given.
    @unsafe
    public mutating func withUnsafeFreeSpace(
        minimumCount: Int,
        _ body: (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer) -> Int
    ) throws(ByteRingError) -> Int {
        precondition(minimumCount >= 0, "a negative count")
        try ensureRoom(for: minimumCount)
        let (first, second) = unsafe freeRegions
        let written = unsafe body(first, second)
        precondition(
            written >= 0 && written <= first.count + second.count, "more written than there was room")
        count += written
        return written
    }

    /// Makes the first `count` bytes contiguous and shows them. Valid until the ring changes.
    ///
    /// O(1) when they are contiguous already, otherwise everything is moved once, O(capacity); choose a
    /// capacity well above the size of a message and it is rare.
    ///
    /// - Precondition: `0 <= count <= self.count`.
    @_lifetime(&self)
    public mutating func linearise(_ count: Int) -> RawSpan {
        precondition(count >= 0 && count <= self.count, "more bytes asked for than there are")
        if count > capacity - head { rotate() }
        // SAFETY: the first `count` bytes lie behind the head without a break; the ring is borrowed for the
        // view.
        let view = unsafe RawSpan(
            _unsafeBytes: UnsafeRawBufferPointer(start: start.map { unsafe $0 + head }, count: count))
        return unsafe _overrideLifetime(view, mutating: &self)
    }

    private func wrapped(_ position: Int) -> Int { position >= capacity ? position - capacity : position }

    /// The free space, from where the next byte goes.
    private var freeRegions: (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer) {
        guard let start = unsafe start, count < capacity else {
            return unsafe (.init(start: nil, count: 0), .init(start: nil, count: 0))
        }
        let tail = wrapped(head + count)
        let firstCount = tail < head ? head - tail : capacity - tail
        let secondCount = tail < head ? 0 : head
        return unsafe (
            .init(start: start + tail, count: firstCount), .init(start: start, count: secondCount)
        )
    }

    private mutating func ensureRoom(for additional: Int) throws(ByteRingError) {
        guard additional > capacity - count else { return }
        let (needed, overflow) = count.addingReportingOverflow(additional)
        guard !overflow, needed <= limit else {
            throw ByteRingError(.limitExceeded, expected: limit, got: overflow ? .max : needed)
        }
        let doubled = capacity > limit / 2 ? limit : capacity * 2
        let size = min(limit, max(needed, doubled, Self.capacityMin))
        guard let grown = unsafe malloc(size) else {
            throw ByteRingError(.outOfMemory, expected: limit, got: needed)
        }
        unsafe move(to: grown, capacity: size)
    }

    /// Moves everything to the front of new memory of the same size.
    private mutating func rotate() {
        // Why: running out of memory here is treated as Swift treats it everywhere else.
        guard let fresh = unsafe malloc(capacity) else {
            preconditionFailure("no memory to linearise a ring")
        }
        unsafe move(to: fresh, capacity: capacity)
    }

    private mutating func move(to memory: UnsafeMutableRawPointer, capacity size: Int) {
        if let start = unsafe start {
            let firstCount = min(count, capacity - head)
            // SAFETY: the new memory has room for `count` bytes, which lie in at most two pieces.
            unsafe memory.copyMemory(from: start + head, byteCount: firstCount)
            unsafe (memory + firstCount).copyMemory(from: start, byteCount: count - firstCount)
            unsafe free(start)
        }
        unsafe start = unsafe memory
        capacity = size
        head = 0
    }
}
