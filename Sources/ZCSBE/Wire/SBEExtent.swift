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
