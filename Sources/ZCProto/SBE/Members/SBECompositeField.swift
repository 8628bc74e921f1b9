/// Where a composite lies in a block. Generated.
public protocol SBECompositeField {
    /// The composite's type.
    associatedtype Composite: SBECompositeType
    /// Bytes from the block's start.
    static var offset: Int { get }
    /// The version that has introduced the field.
    static var sinceVersion: Int { get }
}

extension SBECompositeField {
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
}
