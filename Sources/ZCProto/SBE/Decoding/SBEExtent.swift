public import ZCNet

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
    @usableFromInline let start: UnsafeRawPointer
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

    /// All of a span. Nothing of an empty one is ever read.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    init(_ bytes: RawSpan, version: Int) {
        let address = unsafe bytes.withUnsafeBytes { $0.baseAddress }
        // SAFETY: the address stays readable for the span's lifetime, which the value takes over. An empty
        // span may have none; then any other will do, for `count` is 0.
        let extent = unsafe SBEExtent(
            start: address ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped, count: bytes.byteCount,
            version: version)
        self = unsafe _overrideLifetime(extent, copying: bytes)
    }

    /// The part from `position` on.
    ///
    /// - Precondition: it lies within.
    @_lifetime(copy self)
    @inlinable @inline(__always)
    func dropping(_ position: Int) -> SBEExtent {
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
    func bytes(_ position: Int, _ size: Int) -> RawSpan {
        // SAFETY: checked by `pointer`; the lifetime is the same.
        let span = unsafe RawSpan(_unsafeStart: pointer(position, size), byteCount: size)
        return unsafe _overrideLifetime(span, copying: self)
    }

    /// An unsigned integer of a header. One that exceeds `Int` reads as `Int.max`, which nothing fits.
    ///
    /// - Precondition: it lies within.
    @inlinable @inline(__always)
    func unsigned<Schema: SBESchema>(_ integer: SBEWireInteger, from position: Int, _ schema: Schema.Type)
        -> Int
    {
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
