/// A repeating group: a part of its owner, and the block of its entries. Generated.
public protocol SBEGroupBlock: SBEBlock, SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEGroupRules<Self>
    /// The layout of the dimensions.
    static var dimension: SBEDimensionLayout { get }
    /// The version that has introduced the group.
    static var sinceVersion: Int { get }
    /// The fewest entries.
    static var countMin: Int { get }
    /// The most entries.
    static var countMax: Int { get }
}

extension SBEGroupBlock {
    /// The recommended dimensions.
    @inlinable
    public static var dimension: SBEDimensionLayout { .standard }
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// None.
    @inlinable
    public static var countMin: Int { 0 }
    /// As many as the dimensions can say.
    @inlinable
    public static var countMax: Int { dimension.count.largest }
}
