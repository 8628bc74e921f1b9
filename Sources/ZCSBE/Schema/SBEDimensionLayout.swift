/// The layout of what stands before a group's entries.
@frozen
public struct SBEDimensionLayout: Hashable, Sendable {
    /// Bytes of the dimensions.
    public let size: Int
    /// The length of each entry's block.
    public let blockLength: SBEWireInteger
    /// The number of entries.
    public let count: SBEWireInteger
    /// The number of groups in each entry, where the schema has it.
    public let groups: SBEWireInteger?
    /// The number of data fields in each entry, where the schema has it.
    public let data: SBEWireInteger?

    /// Describes dimensions.
    @inlinable
    public init(
        size: Int, blockLength: SBEWireInteger, count: SBEWireInteger, groups: SBEWireInteger? = nil,
        data: SBEWireInteger? = nil
    ) {
        self.size = size
        self.blockLength = blockLength
        self.count = count
        self.groups = groups
        self.data = data
    }

    /// The dimensions that the standard recommends: two integers of two bytes.
    @inlinable
    public static var standard: SBEDimensionLayout {
        SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2))
    }
}
