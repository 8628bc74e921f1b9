/// A stretch of fields at fixed offsets: the root of a message, an entry of a group, a composite. Generated.
///
/// A generated type is never instantiated. It names a layout, for ``SBEView`` and ``SBEEncoder``.
public protocol SBEBlock {
    /// The schema that the block belongs to.
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
    static func _setNulls(_ block: borrowing SBENulls)
    /// The name in the schema of the text at an offset, for errors.
    static func _textName(at offset: Int) -> StaticString
}

extension SBEBlock {
    /// The same in all versions.
    @inlinable
    public static func blockLengthMin(version: Int) -> Int { blockLength }

    /// There are no optional fields.
    @inlinable
    public static func _setNulls(_ block: borrowing SBENulls) {}

    /// There are no texts.
    @inlinable
    public static func _textName(at offset: Int) -> StaticString { name }
}

/// A message of a schema. Generated.
///
/// ```swift
/// let car = try Car.decode(bytes)
/// print(car.serialNumber, car.manufacturer.text)
/// ```
public protocol SBEMessage: SBEBlock {
    /// The message's id in the header.
    static var templateID: Int { get }
}

/// A composite: fields at fixed offsets under one name. Generated.
public protocol SBECompositeType: SBEBlock where FirstPart == SBEEnd {}
