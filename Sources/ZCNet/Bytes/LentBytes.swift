/// Bytes of plain values as views, lent for the length of a call: what sends them takes a `RawSpan`, whoever
/// has them.
extension String {
    /// Lends the text as UTF-8. Copies only text that is not stored as that.
    @inlinable @inline(__always)
    package mutating func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        // SAFETY: the view does not outlive the closure, as no RawSpan does.
        withUTF8 { unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) }
    }
}

extension Array where Element == UInt8 {
    /// Lends the bytes.
    package func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        // SAFETY: as above.
        unsafe withUnsafeBytes { unsafe body(RawSpan(_unsafeBytes: $0)) }
    }
}

extension FixedWidthInteger where Self: BitwiseCopyable {
    /// Lends the integer's bytes in an order.
    package func withBytes<Result>(_ order: ByteOrder, _ body: (RawSpan) -> Result) -> Result {
        // SAFETY: as above.
        unsafe withUnsafeBytes(of: order.applied(to: self)) { unsafe body(RawSpan(_unsafeBytes: $0)) }
    }
}

extension RawSpan {
    /// The bytes as text; what is no UTF-8 is replaced by U+FFFD. Copies.
    package var text: String {
        // SAFETY: the pointer is used during the call only.
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as text; nil where they are no UTF-8. Copies.
    package var validText: String? {
        unsafe withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
}

extension OutputRawSpan {
    /// Appends bytes; there must be room.
    @_lifetime(self: copy self)
    package mutating func append(_ bytes: RawSpan) {
        // Eight at a time: what a push copies once for all of its receivers.
        var position = 0
        while position + 8 <= bytes.byteCount {
            // SAFETY: eight bytes lie behind `position`.
            let word = unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: position, as: UInt64.self)
            unsafe append(word, as: UInt64.self)
            position += 8
        }
        while position < bytes.byteCount {
            // SAFETY: checked by the loop.
            append(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self))
            position += 1
        }
    }
}
