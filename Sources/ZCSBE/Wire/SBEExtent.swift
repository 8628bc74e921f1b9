public import ZCBytes

/// The bytes from the start of a block to the end of the message, and the version that wrote them.
///
/// Serves the library and the protocols that generated types conform to.
///
/// **Ownership.** Borrows the bytes that the message was decoded from.
@safe @frozen
public struct SBEExtent: ~Escapable {
    // SAFETY: `@safe` because `start` is readable for `count` bytes as long as the value's lifetime lasts,
    // and every read is checked against `count`. A pointer rather than a RawSpan, whose slices carry the case
    // of an empty span without memory through every address.
    @usableFromInline package let start: UnsafeRawPointer
    /// Bytes up to the end of the message.
    public let count: Int
    /// The version of the schema that wrote the message.
    public let version: Int

    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    init(start: UnsafeRawPointer, count: Int, version: Int) {
        unsafe self.start = start
        self.count = count
        self.version = version
    }

    /// What a span has from `position` on, of version 0.
    ///
    /// - Precondition: `position` is one of `0...bytes.byteCount`.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    package init(_ bytes: RawSpan, from position: Int) {
        precondition(position >= 0 && position <= bytes.byteCount, "outside of the bytes")
        let address = unsafe bytes.withUnsafeBytes { $0.baseAddress }
        // SAFETY: the address stays readable for the span's lifetime, which the value takes over. An empty
        // span may have none; then any other will do, for `count` is 0.
        let extent = unsafe SBEExtent(
            start: (address ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped) + position,
            count: bytes.byteCount &- position, version: 0)
        self = unsafe _overrideLifetime(extent, copying: bytes)
    }

    /// The same of a span that is not empty: saves a step on the way to each address.
    ///
    /// - Precondition: the span has a byte, and `position` is one of `0...bytes.byteCount`; neither is
    ///   checked.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    @unsafe
    package init(nonEmpty bytes: RawSpan, from position: Int) {
        let address = unsafe bytes.withUnsafeBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
        // SAFETY: by the caller.
        let extent = unsafe SBEExtent(
            start: address + position, count: bytes.byteCount &- position, version: 0)
        self = unsafe _overrideLifetime(extent, copying: bytes)
    }

    /// The same bytes, written by a version.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    package func ofVersion(_ version: Int) -> SBEExtent {
        // SAFETY: bytes and lifetime are the same.
        let extent = unsafe SBEExtent(start: start, count: count, version: version)
        return unsafe _overrideLifetime(extent, copying: self)
    }

    /// The part from `position` on.
    ///
    /// - Precondition: it lies within.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    package func dropping(_ position: Int) -> SBEExtent {
        precondition(position >= 0 && position <= count, "outside of the message")
        // SAFETY: checked; the lifetime is the same.
        let rest = unsafe SBEExtent(start: start + position, count: count &- position, version: version)
        return unsafe _overrideLifetime(rest, copying: self)
    }

    /// Where a field's bytes are.
    ///
    /// - Precondition: they lie within.
    @inlinable @inline(__always)
    @unsafe
    func pointer(_ position: Int, _ size: Int) -> UnsafeRawPointer {
        precondition(position >= 0 && size >= 0 && position <= count &- size, "outside of the message")
        return unsafe start + position
    }

    /// `size` bytes.
    ///
    /// - Precondition: they lie within.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    package func bytes(_ position: Int, _ size: Int) -> RawSpan {
        // SAFETY: checked by `pointer`; the lifetime is the same.
        let span = unsafe RawSpan(_unsafeStart: pointer(position, size), byteCount: size)
        return unsafe _overrideLifetime(span, copying: self)
    }

    /// An unsigned integer of a header. One that exceeds `Int` reads as `Int.max`, which nothing fits.
    ///
    /// - Precondition: it lies within.
    @inlinable @inline(__always)
    package func unsigned<Schema: SBESchema>(
        _ integer: SBEWireInteger, from position: Int, _ schema: Schema.Type
    ) -> Int {
        if let constant = integer.constant { return constant }
        let address = unsafe pointer(position &+ integer.offset, integer.width)
        let order = Schema.byteOrder
        // SAFETY: `pointer` has checked that the integer lies within.
        switch integer.width {
        case 1: return Int(unsafe address.load(as: UInt8.self))
        case 2: return Int(order.applied(to: unsafe address.loadUnaligned(as: UInt16.self)))
        case 4: return Int(order.applied(to: unsafe address.loadUnaligned(as: UInt32.self)))
        default: return Int(clamping: order.applied(to: unsafe address.loadUnaligned(as: UInt64.self)))
        }
    }
}

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
