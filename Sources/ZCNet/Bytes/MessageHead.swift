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
