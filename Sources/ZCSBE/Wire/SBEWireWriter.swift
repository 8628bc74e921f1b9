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

/// A block of zeros, for generated code to store the null values of optional fields in.
///
/// What is stored is given by its bits in the order of the wire, so that nothing here is generic: a schema
/// has a function of such calls for each message and group, and compiles all of them.
///
/// **Ownership.** Borrows the encoder's buffer.
@safe @frozen
public struct SBENulls: ~Copyable, ~Escapable {
    // SAFETY: `@safe` because `start` is writable for `length` bytes for the value's lifetime and by nobody
    // else, and every store is checked against `length`.
    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let length: Int

    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(_ start: UnsafeMutableRawPointer, _ length: Int) {
        unsafe self.start = start
        self.length = length
    }

    /// Stores a byte.
    ///
    /// - Precondition: it lies within the block, as it does by the schema.
    @inlinable @inline(__always)
    public func _store8(_ bits: UInt8, _ offset: Int) {
        precondition(offset >= 0 && offset < length, "outside of the block")
        unsafe start.storeBytes(of: bits, toByteOffset: offset, as: UInt8.self)
    }

    /// Stores two bytes, the lowest of `bits` first.
    ///
    /// - Precondition: they lie within the block, as they do by the schema.
    @inlinable @inline(__always)
    public func _store16(_ bits: UInt16, _ offset: Int) {
        precondition(offset >= 0 && offset <= length &- 2, "outside of the block")
        unsafe start.storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Stores four bytes, the lowest of `bits` first.
    ///
    /// - Precondition: they lie within the block, as they do by the schema.
    @inlinable @inline(__always)
    public func _store32(_ bits: UInt32, _ offset: Int) {
        precondition(offset >= 0 && offset <= length &- 4, "outside of the block")
        unsafe start.storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Stores eight bytes, the lowest of `bits` first.
    ///
    /// - Precondition: they lie within the block, as they do by the schema.
    @inlinable @inline(__always)
    public func _store64(_ bits: UInt64, _ offset: Int) {
        precondition(offset >= 0 && offset <= length &- 8, "outside of the block")
        unsafe start.storeBytes(of: bits.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
