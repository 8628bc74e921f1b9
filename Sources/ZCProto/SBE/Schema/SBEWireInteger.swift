/// Where an unsigned integer of a header, a group's dimensions or a data length lies, and how wide it is.
@frozen
public struct SBEWireInteger: Hashable, Sendable {
    /// Bytes from the composite's start.
    public let offset: Int
    /// 1, 2, 4 or 8 bytes.
    public let width: Int

    /// Describes an integer of the wire.
    @inlinable
    public init(_ offset: Int, _ width: Int) {
        self.offset = offset
        self.width = width
    }

    /// The largest number that can be written.
    @inlinable
    public var largest: Int { width >= 8 ? .max : (1 << (width &* 8)) &- 1 }
}
