public import ZCBytes
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

    /// A ring grows up to one MiB where nothing else is said.
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

extension ByteRing {
    /// The bytes of a ring in place, in one or two pieces. Lent: ends before the ring changes.
    @frozen
    public struct Contents: ~Escapable {
        /// The bytes up to the end of the ring's memory, or all of them.
        public let first: RawSpan
        /// The bytes that lie around the end; empty when there are none.
        public let second: RawSpan

        @_lifetime(copy first, copy second)
        init(first: RawSpan, second: RawSpan) {
            self.first = first
            self.second = second
        }

        /// How many bytes there are in both pieces.
        public var count: Int { first.byteCount + second.byteCount }

        /// The byte at `offset`.
        ///
        /// - Precondition: `0 <= offset < count`.
        public subscript(offset: Int) -> UInt8 {
            precondition(offset >= 0 && offset < count, "ByteRing offset out of bounds")
            // SAFETY: checked above.
            return unsafe offset < first.byteCount
                ? first.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
                : second.unsafeLoad(fromUncheckedByteOffset: offset - first.byteCount, as: UInt8.self)
        }

        /// The integer whose bytes begin at `offset`, wherever the pieces part; nil when it is not all there.
        public func load<Value: FixedWidthInteger & BitwiseCopyable>(
            as type: Value.Type, at offset: Int, _ order: ByteOrder
        ) -> Value? {
            let size = MemoryLayout<Value>.size
            guard offset >= 0, count >= size, offset <= count - size else { return nil }
            if offset + size <= first.byteCount { return first.integer(as: type, at: offset, order) }
            if offset >= first.byteCount {
                return second.integer(as: type, at: offset - first.byteCount, order)
            }
            var value: Value = 0
            for index in 0..<size {
                let place = order == .bigEndian ? size - 1 - index : index
                value |= Value(truncatingIfNeeded: self[offset + index]) << Value(place * 8)
            }
            return value
        }

        /// Copies both pieces into one. O(n) and one allocation.
        public func copy() -> SharedBytes {
            SharedBytes(count: count) { output in
                for piece in 0..<2 {
                    let bytes = piece == 0 ? first : second
                    for offset in 0..<bytes.byteCount {
                        output.append(
                            unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self))
                    }
                }
            }
        }
    }

    /// Shows everything that the ring holds, in place. O(1).
    @_lifetime(borrow self)
    public func peek() -> Contents { peek(count) }

    /// Shows the first `maximum` bytes, or all when there are fewer, in place. O(1).
    ///
    /// - Precondition: `maximum >= 0`.
    @_lifetime(borrow self)
    public func peek(_ maximum: Int) -> Contents {
        precondition(maximum >= 0, "a negative count")
        let length = min(maximum, count)
        let firstCount = min(length, capacity - head)
        // SAFETY: `count` initialised bytes begin at the head and go on at the front; the ring is borrowed
        // for the views' lifetime.
        let contents = unsafe Contents(
            first: RawSpan(
                _unsafeBytes: .init(
                    start: start.map { unsafe UnsafeRawPointer($0 + head) }, count: firstCount)),
            second: RawSpan(
                _unsafeBytes: .init(
                    start: start.map { UnsafeRawPointer($0) }, count: length - firstCount)))
        return unsafe _overrideLifetime(contents, borrowing: self)
    }
}

/// Why a ``ByteRing`` refused bytes. What it held is unchanged.
public struct ByteRingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The ring would have to exceed its limit.
        public static let limitExceeded = Code(description: "limit exceeded")
        /// The system has no memory.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The most bytes that the ring may hold.
    public let expected: Int
    /// How many bytes it would have to hold.
    public let got: Int

    init(_ code: Code, expected: Int, got: Int) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code and the numbers, in words.
    public var description: String { "\(code): expected at most \(expected) bytes, got \(got)" }
}
