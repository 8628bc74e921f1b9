/// Where a composite lies in a block. Generated.
public protocol SBECompositeField {
    /// The composite's type.
    associatedtype Composite: SBECompositeType
    /// Bytes from the block's start, and the version that has introduced the field.
    static var place: (offset: Int, since: Int) { get }
}

// Why one value: see SBEDataPart.
extension SBECompositeField {
    /// Bytes from the block's start.
    @inlinable @inline(__always)
    public static var offset: Int { place.offset }
    /// The version that has introduced the field.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { place.since }
}
