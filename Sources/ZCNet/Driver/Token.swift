/// What a driver is told to call a socket by, and names in its completions.
///
/// The owner chooses it; to a driver it is an opaque number except for the top bit, which keeps listeners and
/// connections apart, for the lowest 22 bits of a connection's, which are small and which no two open ones
/// share, and for one value of its own. A token is never reused for another socket, so a
/// completion that comes late is recognised as stale.
@frozen
@usableFromInline
package struct Token: RawRepresentable, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// A listener's token.
    package init(listener number: UInt32) { self.init(rawValue: 1 << 63 | UInt64(number)) }

    /// Reserved by drivers for their own wake-up.
    package static let wake = Token(rawValue: .max)

    /// A connection's place, for a table of the driver's own.
    @inline(__always)
    var place: Int { Int(truncatingIfNeeded: rawValue & 0x3F_FFFF) }

    package var isListener: Bool { rawValue >> 63 == 1 && self != .wake }
}
