/// An unsigned integer that governs decoding: a member of the message header, of a group's dimensions, or the
/// length of data.
package struct WireIntegerLayout: Hashable, Sendable {
    /// The member's name.
    package var name: String
    /// Octets from the begin of the composite.
    package var offset: Int
    /// `uint8` to `uint64`. A signed `numInGroup`, which the reference lets pass, appears as the unsigned
    /// type of its width, with a maximum that keeps the sign out.
    package var primitive: PrimitiveType
    /// The lowest value that the schema allows: the declared one, else 0.
    package var minimum: UInt64
    /// The highest value that the schema allows: the declared one, else all that the octets can hold. Why:
    /// the standard's limits of counts are 255 and 65,535 (the reference stops one earlier, and never writes
    /// more). Of lengths it is one less, for these may not hold the null value.
    package var maximum: UInt64
    /// The value, where the schema makes the member a constant that is not on the wire.
    package var constant: UInt64?

    /// Octets on the wire.
    package var size: Int { constant == nil ? primitive.size : 0 }
}

extension WireIntegerLayout {
    /// Offset behind the last octet.
    var end: Int { offset + size }
}
