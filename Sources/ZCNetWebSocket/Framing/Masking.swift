internal import CZCNet

/// The masking of RFC 6455 5.3: byte i of a payload is combined with byte i mod 4 of the key, which is also
/// how it is undone.
///
/// A key is its four bytes as they lie in memory. Key 0 masks nothing. The bytes belong to the caller, who
/// has them to itself for the length of the call; nothing outside of them is touched.
///
/// **Complexity.** O(n): up to 32 bytes without a loop, more with the widest vectors the processor has.
@usableFromInline
package enum Masking {
    /// Unmasks a payload from its beginning, in place: what nearly all messages need, inlined into the loop
    /// over them as long as they are short.
    @inlinable @inline(__always)
    static func undo(_ key: UInt32, on payload: UnsafeMutableRawBufferPointer) {
        let count = payload.count
        guard let start = payload.baseAddress, count > 16, count <= 32 else {
            return unsafe apply(key, to: payload, offset: 0)
        }
        // The first sixteen bytes and the last, which overlap; both are read before either is written.
        typealias Block = SIMD4<UInt32>
        let rotation = UInt32(truncatingIfNeeded: count & 3) &* 8
        let tailKey = key &>> rotation | key &<< ((32 &- rotation) & 31)
        let tail = unsafe start + (count &- 16)
        // SAFETY: both blocks lie within the payload, which is longer than one of them.
        let first = unsafe start.loadUnaligned(as: Block.self) ^ Block(repeating: key)
        let last = unsafe tail.loadUnaligned(as: Block.self) ^ Block(repeating: tailKey)
        unsafe start.storeBytes(of: first, as: Block.self)
        unsafe tail.storeBytes(of: last, as: Block.self)
    }

    /// Masks or unmasks in place.
    ///
    /// `offset` is where in the payload `bytes` begins, so that a payload that comes in pieces is unmasked as
    /// the pieces come.
    @usableFromInline
    package static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int = 0) {
        // SAFETY: the kernel stays within `count` bytes from the base; it touches nothing if there are none.
        unsafe czcnet_unmask(bytes.baseAddress, bytes.count, key, offset)
    }

    /// Masks or unmasks in place.
    package static func apply(_ key: UInt32, to bytes: inout MutableRawSpan, offset: Int = 0) {
        unsafe bytes.withUnsafeMutableBytes { unsafe apply(key, to: $0, offset: offset) }
    }

    /// Copies `count` bytes and masks them on the way: what a client sends, without a second pass over it.
    ///
    /// - Precondition: the places do not overlap.
    package static func copy(
        from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int, key: UInt32,
        offset: Int = 0
    ) {
        precondition(count >= 0, "a count is not negative")
        // SAFETY: the caller vouches for `count` bytes at both places.
        unsafe czcnet_mask_copy(target, source, count, key, offset)
    }
}

/// Checks text that comes in pieces: UTF-8 as RFC 3629 defines it, which RFC 6455 8.1 asks of text messages.
///
/// A piece may end anywhere, also inside a character. Text is refused at the first byte that no continuation
/// could make right, so a peer is found out as early as possible, and wherever the pieces were cut.
///
/// Four bytes of state; keeps no bytes. **Complexity.** O(n); ASCII faster than it can be copied.
@frozen @usableFromInline
package struct UTF8Validator: Equatable {
    /// A state of the automaton in `utf8.c`: 0 between two characters.
    @usableFromInline var state: UInt32

    /// Stands at the beginning of a text.
    @inlinable
    package init() { state = 0 }

    /// Whether the text may end here: nothing wrong came, and the last character is whole.
    @inlinable
    package var isComplete: Bool { state == 0 }

    /// Checks the next bytes. False: the text is not UTF-8, nor will anything that follows make it so.
    @usableFromInline
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe validPrefix(of: bytes) == bytes.count && state != CZCNET_UTF8_REJECTED
    }

    /// Checks the next bytes. False: the text is not UTF-8, nor will anything that follows make it so.
    package mutating func consume(_ bytes: RawSpan) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe consume($0) }
    }

    /// Checks the next bytes and tells how many of them are right: all, or those before the first wrong one.
    package mutating func validPrefix(of bytes: RawSpan) -> Int {
        unsafe bytes.withUnsafeBytes { unsafe validPrefix(of: $0) }
    }

    /// Checks the next bytes and tells how many of them are right: all, or those before the first wrong one.
    package mutating func validPrefix(of bytes: UnsafeRawBufferPointer) -> Int {
        // SAFETY: the kernel reads `count` bytes from the base, and nothing when there are none.
        unsafe czcnet_utf8_step(&state, bytes.baseAddress, bytes.count)
    }

    /// Whether the bytes are a whole text.
    package static func isValid(_ bytes: RawSpan) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }
}
