/// A stretch of fields at fixed offsets: the root of a message, an entry of a group, a composite. Generated.
///
/// A generated type is never instantiated. It names a layout, for ``SBEView`` and ``SBEEncoder``.
public protocol SBEBlock {
    /// The schema.
    associatedtype Schema: SBESchema
    /// What is reached through the view other than as a single value: composites, arrays, texts, groups and
    /// data. Never instantiated; its properties' names are what the view offers.
    associatedtype Members = Never
    /// The first group or data of the block; ``SBEEnd`` where there is none.
    associatedtype FirstPart: SBEPart = SBEEnd

    /// The name in the schema.
    static var name: StaticString { get }
    /// Bytes of the block as it is written.
    static var blockLength: Int { get }
    /// Bytes that the fields need which that version of the schema has.
    static func blockLengthMin(version: Int) -> Int
    /// Gives optional fields their null values in a block of zeros.
    static func setNulls(in block: borrowing SBEEncoder<Self, SBEEnd>)
}

extension SBEBlock {
    /// The same in all versions.
    @inlinable
    public static func blockLengthMin(version: Int) -> Int { blockLength }

    /// There are no optional fields.
    @inlinable
    public static func setNulls(in block: borrowing SBEEncoder<Self, SBEEnd>) {}
}
