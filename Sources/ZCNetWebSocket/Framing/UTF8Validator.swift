internal import CZCNet

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
