public import ZCBytes
import ZCLibC

/// A buffer that messages are written into, field by field, and that can become ``SharedBytes`` without a
/// copy.
///
/// ```swift
/// var buffer = WriteBuffer(limit: 64 * 1024)
/// let length = try buffer.reserve(4)
/// try buffer.append(UInt16(1), .bigEndian)
/// try buffer.append("hello".utf8)
/// try buffer.patch(UInt32(buffer.count), at: length.lowerBound, .bigEndian)
/// connection.send(buffer.freeze())
/// ```
/// An append either writes all or throws and leaves the buffer as it was.
///
/// **Ownership.** Owns its memory alone; ``freeze()`` hands it over. Views end at the next change.
///
/// **Threads.** One thread at a time; may be sent to another.
///
/// **Complexity.** Appending is amortised O(bytes): memory grows by doubling, up to the limit.
///
/// **Limits.** ``limit`` bytes; nothing is allocated before the first append.
@safe @frozen
public struct WriteBuffer: ~Copyable, @unchecked Sendable {
    // SAFETY: `@safe` because `start` has room for `capacity` bytes, the first `count` of them initialised,
    // and the value alone refers to it; that is also why it may be sent.
    @usableFromInline var start: UnsafeMutableRawPointer?
    @usableFromInline var written = 0
    @usableFromInline var room = 0

    /// The default bound: a large message.
    public static let defaultLimit = 16 * 1024 * 1024
    /// The least that is allocated.
    @usableFromInline static let capacityMin = 256

    /// How many bytes the buffer may hold.
    public let limit: Int
    /// The books that the memory is entered in, at its capacity; nil for none.
    @usableFromInline let budget: MemoryBudget?

    /// How many bytes were written.
    @inlinable public var count: Int { written }
    /// Whether nothing was written.
    @inlinable public var isEmpty: Bool { written == 0 }
    /// How many bytes fit into the memory that the buffer has now.
    @inlinable public var capacity: Int { room }

    /// Makes an empty buffer, without memory.
    ///
    /// - Precondition: `limit >= 0`.
    @inlinable
    public init(limit: Int = WriteBuffer.defaultLimit) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
        budget = nil
        unsafe start = nil
    }

    /// Makes an empty buffer whose memory is part of a loop's: it grows only as far as the budget allows, and
    /// stays on that loop's thread. What ``freeze()`` makes of it is the budget's no more.
    ///
    /// - Precondition: `limit >= 0`.
    package init(limit: Int, budget: MemoryBudget) {
        precondition(limit >= 0, "a negative limit")
        self.limit = limit
        self.budget = budget
        unsafe start = nil
    }

    @inlinable
    deinit {
        if budget != nil { releaseBudget() }
        unsafe free(start)
    }

    @usableFromInline
    func releaseBudget() { budget?.release(room, for: .messages) }

    /// What was written. Valid until the buffer changes.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: that many bytes are initialised, and the buffer is borrowed for the view's lifetime.
            let view = unsafe RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(start: UnsafeRawPointer(start), count: written))
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// Forgets what was written. Keeps the memory for the next message unless told otherwise.
    @inlinable
    public mutating func clear(keepingCapacity: Bool = true) {
        written = 0
        if !keepingCapacity {
            if budget != nil { releaseBudget() }
            unsafe free(start)
            unsafe start = nil
            room = 0
        }
    }

    /// Makes the bytes immutable and shareable, without copying them. O(1), one small allocation.
    ///
    /// The value keeps the buffer's whole capacity; a buffer that is mostly empty is better copied.
    public consuming func freeze() -> SharedBytes {
        guard let memory = unsafe start, written > 0 else { return SharedBytes() }
        let count = written
        let capacity = room
        releaseBudget()
        // Why: the deinit that follows must find nothing to free, and nothing to release.
        unsafe start = nil
        room = 0
        return unsafe SharedBytes(
            unsafeStart: memory, count: count, owner: MallocBytes(adopting: memory, capacity: capacity))
    }

    /// Makes sure that `additional` bytes more can be written without growing.
    ///
    /// - Throws: ``WriteBufferError`` when that would exceed the limit or the system's memory.
    /// - Precondition: `additional >= 0`.
    @inlinable
    public mutating func ensureRoom(for additional: Int) throws(WriteBufferError) {
        if additional > room &- written { try grow(by: additional) }
    }

    /// Where the next byte goes; there must be room for it.
    @inlinable
    var end: UnsafeMutableRawPointer {
        guard let start = unsafe start else { preconditionFailure("a write buffer without memory") }
        return unsafe start + written
    }

    /// Makes room. Doubles the memory, but not beyond `bound` bytes unless what is needed lies beyond.
    @usableFromInline
    mutating func grow(by additional: Int, within bound: Int = .max) throws(WriteBufferError) {
        let (needed, overflow) = written.addingReportingOverflow(additional)
        guard !overflow, needed <= limit else {
            throw WriteBufferError(.limitExceeded, expected: limit, got: overflow ? .max : needed)
        }
        let doubled = room > limit / 2 ? limit : room * 2
        let size = min(limit, max(needed, min(doubled, bound), Self.capacityMin))
        if let budget, !budget.reserve(size - room, for: .messages, holding: room) {
            throw WriteBufferError(.overBudget, expected: limit, got: needed)
        }
        // SAFETY: realloc keeps what was written, and on failure the old memory as well.
        guard let grown = unsafe realloc(start, size) else {
            budget?.release(size - room, for: .messages)
            throw WriteBufferError(.outOfMemory, expected: limit, got: needed)
        }
        unsafe start = unsafe grown
        room = size
    }
}

extension WriteBuffer {
    /// Appends an integer's bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, _ order: ByteOrder
    ) throws(WriteBufferError) {
        try ensureRoom(for: MemoryLayout<Value>.size)
        // SAFETY: there is room; the store needs no alignment.
        unsafe end.storeBytes(of: order.applied(to: value), as: Value.self)
        written &+= MemoryLayout<Value>.size
    }

    /// Appends a byte.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room.
    @inlinable
    public mutating func append(_ byte: UInt8) throws(WriteBufferError) { try append(byte, .littleEndian) }

    /// Appends a float's IEEE 754 bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append(_ value: Float, _ order: ByteOrder) throws(WriteBufferError) {
        try append(value.bitPattern, order)
    }

    /// Appends a double's IEEE 754 bytes in the given order.
    ///
    /// - Throws: ``WriteBufferError`` when there is no room; nothing is written then.
    @inlinable
    public mutating func append(_ value: Double, _ order: ByteOrder) throws(WriteBufferError) {
        try append(value.bitPattern, order)
    }

    /// Appends the bytes of a view.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: RawSpan) throws(WriteBufferError) {
        let count = bytes.byteCount
        try ensureRoom(for: count)
        guard count > 0 else { return }
        let target = unsafe end
        unsafe bytes.withUnsafeBytes { source in
            // SAFETY: there is room, and the source cannot be this buffer's memory, which is borrowed
            // mutably.
            if let from = source.baseAddress { unsafe target.copyMemory(from: from, byteCount: count) }
        }
        written &+= count
    }

    /// Appends the elements of a view.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) throws(WriteBufferError) {
        // SAFETY: a UInt8 has no padding, so all of the span's memory is initialised.
        try append(unsafe bytes.bytes)
    }

    /// Appends a copy of shared bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ bytes: SharedBytes) throws(WriteBufferError) { try append(bytes.bytes) }

    /// Appends a string's UTF-8 bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ text: String.UTF8View) throws(WriteBufferError) {
        try append(text.span)
    }

    /// Appends a literal's UTF-8 bytes.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    @inlinable
    public mutating func append(_ text: StaticString) throws(WriteBufferError) {
        try append(SharedBytes(text))
    }
}

extension WriteBuffer {
    /// Appends `count` zero bytes to be patched later, and returns where they are.
    ///
    /// - Throws: ``WriteBufferError`` when they do not fit; nothing is written then.
    /// - Precondition: `count >= 0`.
    @inlinable
    public mutating func reserve(_ count: Int) throws(WriteBufferError) -> Range<Int> {
        precondition(count >= 0, "a negative count")
        try ensureRoom(for: count)
        let range = written..<written &+ count
        guard count > 0 else { return range }
        // SAFETY: there is room. Zeroed, so that a place that is never patched shows no old bytes.
        unsafe end.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        written = range.upperBound
        return range
    }

    /// Writes an integer over bytes that are already there.
    ///
    /// - Throws: ``WriteBufferError`` with `outOfBounds` when the integer would not lie within what was
    ///   written.
    @inlinable
    public mutating func patch<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at offset: Int, _ order: ByteOrder
    ) throws(WriteBufferError) {
        let target = try unsafe patchable(offset, MemoryLayout<Value>.size)
        // SAFETY: within what was written; the store needs no alignment.
        unsafe target?.storeBytes(of: order.applied(to: value), as: Value.self)
    }

    /// Writes bytes over others that are already there.
    ///
    /// - Throws: ``WriteBufferError`` with `outOfBounds` when they would not lie within what was written.
    @inlinable
    public mutating func patch(_ bytes: RawSpan, at offset: Int) throws(WriteBufferError) {
        let target = try unsafe patchable(offset, bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress else { return }
            // SAFETY: within what was written, and the source is not this buffer's memory.
            unsafe target?.copyMemory(from: from, byteCount: source.count)
        }
    }

    /// The address of `count` written bytes from `offset`; nil only when the buffer has no memory and none is
    /// needed.
    @usableFromInline
    func patchable(_ offset: Int, _ count: Int) throws(WriteBufferError) -> UnsafeMutableRawPointer? {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard offset >= 0, !overflow, end <= written else {
            throw WriteBufferError(.outOfBounds, expected: written, got: overflow || offset < 0 ? .max : end)
        }
        return unsafe start.map { unsafe $0 + offset }
    }
}

extension WriteBuffer {
    /// Room behind what was written, for a producer that knows only afterwards how much it wrote; say so with
    /// ``commit(_:)``. Grows by doubling, but the doubling ends at `capacityMax` bytes.
    ///
    /// The memory is not initialised and is valid until the buffer changes.
    ///
    /// - Throws: ``WriteBufferError`` when `additional` bytes do not fit.
    /// - Precondition: `additional >= 0`.
    @unsafe
    @usableFromInline
    package mutating func spare(
        atLeast additional: Int, capacityMax: Int = .max
    ) throws(WriteBufferError) -> UnsafeMutableRawBufferPointer {
        precondition(additional >= 0, "a negative count")
        if additional > room &- written { try grow(by: additional, within: capacityMax) }
        return unsafe UnsafeMutableRawBufferPointer(
            start: start.map { unsafe $0 + written }, count: room &- written)
    }

    /// Counts the first `count` bytes of the spare room as written.
    ///
    /// - Precondition: they were initialised, and there is room for them.
    @usableFromInline
    package mutating func commit(_ count: Int) {
        precondition(count >= 0 && count <= room &- written, "more than the spare room")
        written &+= count
    }

    /// Forgets everything behind the first `count` bytes. Keeps the memory.
    ///
    /// - Precondition: at least that many were written.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= written, "more than was written")
        written = count
    }

    /// What was written, in place; the caller uses it only until the buffer changes.
    @unsafe
    package var memory: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: start, count: written)
    }
}

/// Why a ``WriteBuffer`` refused to write. What it held is unchanged.
public struct WriteBufferError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error. More may be added; match with a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The buffer would have to exceed its limit.
        public static let limitExceeded = Code(description: "limit exceeded")
        /// A patch lies outside of what was written.
        public static let outOfBounds = Code(description: "out of bounds")
        /// The memory of the loop that the buffer belongs to is taken.
        public static let overBudget = Code(description: "over the loop's budget")
        /// The system has no memory.
        public static let outOfMemory = Code(description: "out of memory")
    }

    /// The kind of error.
    public let code: Code
    /// The most bytes that the buffer may hold; for ``Code/outOfBounds`` how many it holds.
    public let expected: Int
    /// How many bytes it would have to hold.
    public let got: Int

    @usableFromInline
    init(_ code: Code, expected: Int, got: Int) {
        self.code = code
        self.expected = expected
        self.got = got
    }

    /// The code and the numbers, in words.
    public var description: String { "\(code): expected at most \(expected) bytes, got \(got)" }
}
