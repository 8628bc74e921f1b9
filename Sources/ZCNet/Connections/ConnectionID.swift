/// Names one connection of one process, also after it is gone.
///
/// An id may be kept, sent to other threads and used as a key. It is never reused: when its slot serves
/// another connection, that one has another id, and whatever is sent to the old one is answered with
/// `closed`.
@frozen
public struct ConnectionID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 31 bits of generation, 8 bits of loop, 24 bits of slot.
    public let rawValue: UInt64

    /// Wraps a number that came from `rawValue`.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(generation: UInt32, loop: Int, slot: UInt32) {
        self.init(rawValue: UInt64(generation) << 32 | UInt64(loop) << 24 | UInt64(slot))
    }

    /// The most loops and connections per loop that an id can tell apart.
    static let loopsMax = 256
    static let slotsMax = 1 << 24
    static let generationMask: UInt32 = 0x7FFF_FFFF

    /// The index of the loop that owns the connection.
    public var loopIndex: Int { Int(rawValue >> 24 & 0xFF) }

    @inlinable
    var slot: Int { Int(truncatingIfNeeded: rawValue & 0xFF_FFFF) }

    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

    var token: Token { Token(rawValue: rawValue) }

    init(_ token: Token) { self.init(rawValue: token.rawValue) }

    /// Loop, slot and generation, such as `2/17#4`.
    public var description: String { "\(loopIndex)/\(rawValue & 0xFF_FFFF)#\(rawValue >> 32)" }
}
