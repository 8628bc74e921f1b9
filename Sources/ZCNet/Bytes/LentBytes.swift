internal import CZCNet

// Exported: whoever names the order of a number in these bytes has it with them.
@_exported public import ZCBytes

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
    /// Lends the array's bytes in place.
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

extension Array where Element == UInt8 {
    /// Lends the bytes to be written, or changed.
    package mutating func withMutableBytes<Result>(
        _ body: (inout MutableRawSpan) throws -> Result
    ) rethrows -> Result {
        // SAFETY: as above; bytes have no padding.
        var span = mutableSpan
        var bytes = unsafe span.mutableBytes
        return try body(&bytes)
    }
}

extension Array where Element == UInt8 {
    /// A copy of lent bytes, which may be kept: `Array(message.bytes)`. O(n) and one allocation.
    public init(_ bytes: RawSpan) { self = bytes.array }
}

extension Span where Element == UInt8 {
    /// The same bytes, whatever they stand for.
    @inlinable
    package var rawBytes: RawSpan {
        @_lifetime(copy self)
        get {
            // SAFETY: a UInt8 has no padding, so all of the span's memory is initialised.
            unsafe bytes
        }
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

extension RawSpan {
    /// A copy of the bytes.
    package var array: [UInt8] {
        // SAFETY: the pointer is used during the call only.
        unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// The byte at `offset`; traps outside of the span.
    @inlinable @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        // SAFETY: the load checks its bounds, and every bit pattern is a UInt8.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
    }
}

extension OutputRawSpan {
    /// Appends an integer in network byte order; there must be room.
    @_lifetime(self: copy self)
    package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(bigEndian value: Value) {
        // SAFETY: a plain integer; the output checks its room.
        unsafe append(value.bigEndian, as: Value.self)
    }

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

extension RawSpan {
    /// The integer at `offset`, or nil when the span ends before it does.
    @inlinable
    package func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        as type: Value.Type, at offset: Int, _ order: ByteOrder
    ) -> Value? {
        // Written so that no sum can overflow, whatever the offset.
        guard offset >= 0, byteCount >= MemoryLayout<Value>.size,
            offset <= byteCount - MemoryLayout<Value>.size
        else { return nil }
        // SAFETY: checked above; every bit pattern is an integer.
        return unsafe order.applied(to: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type))
    }
}

/// The checksum CRC-32C (Castagnoli; RFC 3720 12.1): finds every error burst of up to 32 bits.
///
/// A checksum against decay and torn writes, not against an enemy. Some 10 GB/s where the processor has the
/// instruction. Any thread.
package enum CRC32C {
    /// The checksum of the bytes that gave `previous`, followed by these; 0 begins.
    package static func checksum(_ bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: `count` bytes at the base; an empty view's nil is never read.
            unsafe czcnet_crc32c(previous, buffer.baseAddress, buffer.count)
        }
    }
}

/// The head of a message that a protocol layer sends in front of a body: up to 16 bytes, by value.
@frozen
package struct MessageHead {
    /// The first eight bytes, the lowest byte first in memory, and the next eight.
    @usableFromInline var low: UInt64 = 0
    @usableFromInline var high: UInt64 = 0
    /// How many bytes there are.
    @usableFromInline package internal(set) var count = 0

    @inlinable @inline(__always)
    package init() {}

    /// Up to eight bytes, the lowest byte first in memory; the others are 0.
    @inlinable @inline(__always)
    package init(low: UInt64, count: Int) {
        self.low = low
        self.count = count
    }

    /// Sixteen bytes, the lowest byte of each half first in memory.
    @inlinable @inline(__always)
    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
        count = 16
    }

    /// Adds an integer in network byte order.
    ///
    /// - Precondition: the head stays within 16 bytes.
    package mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
        var rest = value.byteSwapped
        for _ in 0..<(Integer.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Adds a byte.
    ///
    /// - Precondition: the head stays within 16 bytes.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        precondition(count < 16, "a head of more than 16 bytes")
        let bits = UInt64(byte) << UInt64((count & 7) * 8)
        if count < 8 { low |= bits } else { high |= bits }
        count += 1
    }

    /// A byte of the head.
    package func byte(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> UInt64((index & 7) * 8))
    }

    /// Writes the head, and what is in the 16 bytes behind it, to memory with room for 16 bytes.
    @inlinable @inline(__always)
    package func store(to target: UnsafeMutableRawPointer) {
        unsafe target.storeBytes(of: low.littleEndian, as: UInt64.self)
        unsafe (target + 8).storeBytes(of: high.littleEndian, as: UInt64.self)
    }
}
