/// A repeating group: a part of its owner, and the block of its entries. Generated.
public protocol SBEGroupBlock: SBEBlock, SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEGroupRules<Self>
    /// Its dimensions and how many entries it may have.
    static var layout: SBEGroupLayout { get }
}

// Why one value: see SBEDataPart.
extension SBEGroupBlock {
    /// The layout of the dimensions.
    @inlinable @inline(__always)
    public static var dimension: SBEDimensionLayout { layout.dimension }
    /// The version that has introduced the group.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { layout.sinceVersion }
    /// The fewest entries.
    @inlinable @inline(__always)
    public static var countMin: Int { layout.countMin }
    /// The most entries.
    @inlinable @inline(__always)
    public static var countMax: Int { layout.countMax }
}
