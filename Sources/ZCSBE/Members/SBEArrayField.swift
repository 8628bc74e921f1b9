/// Where an array of numbers lies in a block. Generated.
public protocol SBEArrayField {
    /// A number of it.
    associatedtype Element: SBEPrimitive
    /// All of it, as one value.
    associatedtype Values
    /// The schema.
    associatedtype Schema: SBESchema
    /// Bytes from the block's start.
    static var offset: Int { get }
    /// How many elements there are.
    static var count: Int { get }
    /// The version that has introduced the field.
    static var sinceVersion: Int { get }
    /// The element that stands for null, where elements are optional.
    static var null: Element? { get }

    /// An element of a value.
    static func _element(_ index: Int, of values: Values) -> Element
    /// A value of elements.
    static func _make(_ element: (Int) -> Element) -> Values
}

extension SBEArrayField {
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// Elements are not optional.
    @inlinable
    public static var null: Element? { nil }
}
