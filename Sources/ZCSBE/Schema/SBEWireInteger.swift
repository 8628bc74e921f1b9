/// Where an unsigned integer of a header, a group's dimensions or a data length lies, and how wide it is.
@frozen
public struct SBEWireInteger: Hashable, Sendable {
    /// Bytes from the composite's start.
    public let offset: Int
    /// 1, 2, 4 or 8 bytes; 0 of a constant, which is not on the wire.
    public let width: Int
    /// The value, where the schema makes it a constant.
    public let constant: Int?

    /// Describes an integer of the wire.
    @inlinable
    public init(_ offset: Int, _ width: Int, constant: Int? = nil) {
        self.offset = offset
        self.width = width
        self.constant = constant
    }

    /// The largest number that can be written.
    @inlinable
    public var largest: Int { constant ?? (width >= 8 ? .max : (1 << (width &* 8)) &- 1) }

    /// Whether it takes the two bytes at an offset.
    @inlinable
    func isTwoBytes(at place: Int) -> Bool { offset == place && width == 2 && constant == nil }
}
