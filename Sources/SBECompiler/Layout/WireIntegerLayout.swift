/// An unsigned integer that governs decoding: a member of the message header, of a group's dimensions, or the
/// length of data.
package struct WireIntegerLayout: Hashable, Sendable {
    /// The member's name.
    package var name: String
    /// Octets from the begin of the composite.
    package var offset: Int
    /// `uint8` to `uint64`.
    package var primitive: PrimitiveType
    /// The lowest value that the schema allows: the declared one, else 0.
    package var minimum: UInt64
    /// The highest value that the schema allows: the declared one, else all that the octets can hold. Why: the
    /// standard's limits are 255 and 65,535 (the reference stops one earlier, and never writes more).
    package var maximum: UInt64

    /// Octets on the wire.
    package var size: Int { primitive.size }
}
