/// What a schema says about a group, apart from its entries.
@frozen
public struct SBEGroupLayout: Sendable {
    /// The layout of the dimensions.
    public let dimension: SBEDimensionLayout
    /// The version that has introduced the group.
    public let sinceVersion: Int
    /// The fewest entries.
    public let countMin: Int
    /// The most entries.
    public let countMax: Int

    /// Describes a group.
    @inlinable @inline(__always)
    public init(_ dimension: SBEDimensionLayout, since: Int, _ countMin: Int, _ countMax: Int) {
        self.dimension = dimension
        sinceVersion = since
        self.countMin = countMin
        self.countMax = countMax
    }
}
