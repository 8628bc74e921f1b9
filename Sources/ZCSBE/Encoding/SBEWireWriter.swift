public import ZCBytes

/// Writes the integers of headers, dimensions and data lengths.
@frozen
@usableFromInline
enum SBEWireWriter<Schema: SBESchema> {
    /// Writes an integer that fits its width.
    ///
    /// - Precondition: the memory is writable there.
    @inlinable @inline(__always)
    @unsafe
    static func store(_ value: Int, _ integer: SBEWireInteger, in start: UnsafeMutableRawPointer) {
        if integer.constant != nil { return }
        let order = Schema.byteOrder
        let place = unsafe start + integer.offset
        // SAFETY: by the caller; the stores need no alignment.
        switch integer.width {
        case 1: unsafe place.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case 2:
            unsafe place.storeBytes(of: order.applied(to: UInt16(truncatingIfNeeded: value)), as: UInt16.self)
        case 4:
            unsafe place.storeBytes(of: order.applied(to: UInt32(truncatingIfNeeded: value)), as: UInt32.self)
        default: unsafe place.storeBytes(of: order.applied(to: UInt64(value)), as: UInt64.self)
        }
    }

    /// Zeros.
    ///
    /// - Precondition: the memory is writable.
    @inlinable @inline(__always)
    @unsafe
    static func zero(_ start: UnsafeMutableRawPointer, _ count: Int) {
        unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }
}
