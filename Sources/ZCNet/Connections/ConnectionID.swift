/// Names one connection of one process, whichever group of loops serves it, also after it is gone.
///
/// An id may be kept, sent to other threads and used as a key. When its slot serves another connection, that
/// one has another id, and whatever is sent to the old one, or to a connection of another group, is answered
/// with `closed`. Ids repeat after billions of connections of one loop: each of its slots counts 2^25 of
/// them, and one that was given back rests until at least 127 others were used.
@frozen
public struct ConnectionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 25 bits of generation, 16 bits of the loop's number in the process, 22 bits of slot.
    public let rawValue: UInt64

    /// Wraps a number that came from `rawValue`.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(generation: UInt32, loop: Int, slot: UInt32) {
        self.init(rawValue: UInt64(generation) << 38 | UInt64(loop) << 22 | UInt64(slot))
    }

    /// The most connections of a loop that an id can tell apart, and the last generation.
    static let slotsMax = 1 << 22
    static let generationMax: UInt32 = 0x1FF_FFFF
    /// The bits that hold the loop's number.
    static let loopMask: UInt64 = 0xFFFF << 22

    /// The number, in the process, of the loop that owns the connection; see `EventLoop.owns(_:)`.
    package var loopNumber: Int { Int(rawValue >> 22 & 0xFFFF) }

    @inlinable
    var slot: Int { Int(truncatingIfNeeded: rawValue & 0x3F_FFFF) }

    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 38) }

    var token: Token { Token(rawValue: rawValue) }

    init(_ token: Token) { self.init(rawValue: token.rawValue) }

    /// The loop's number in the process, slot and generation, such as `2/17#4`.
    public var description: String { "\(loopNumber)/\(slot)#\(generation)" }
}
