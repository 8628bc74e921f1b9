internal import CZCNet

/// The masking of RFC 6455 5.3: byte i of a payload is combined with byte i mod 4 of the key, which is also
/// how it is undone.
///
/// A key is its four bytes as they lie in memory. Key 0 masks nothing. The bytes belong to the caller, who
/// has them to itself for the length of the call; nothing outside of them is touched.
///
/// **Complexity.** O(n): up to 32 bytes without a loop, more with the widest vectors the processor has.
package enum Masking {
    /// Masks or unmasks in place.
    ///
    /// `offset` is where in the payload `bytes` begins, so that a payload that comes in pieces is unmasked as
    /// the pieces come.
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
