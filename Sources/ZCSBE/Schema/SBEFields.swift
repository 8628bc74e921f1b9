/// Where an array of characters lies in a block. Generated.
public protocol SBETextField {
    /// Its name, where it is and how it is to be read.
    static var layout: SBETextLayout { get }
}

// Why one value: see SBEDataPart.
extension SBETextField {
    /// The name in the schema.
    @inlinable @inline(__always)
    public static var name: StaticString { layout.name }
    /// Bytes from the block's start.
    @inlinable @inline(__always)
    public static var offset: Int { layout.offset }
    /// How many bytes there are.
    @inlinable @inline(__always)
    public static var count: Int { layout.count }
    /// The version that has introduced the field.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { layout.sinceVersion }
    /// How the bytes are to be read.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { layout.encoding }
}

/// What a schema says about an array of characters.
@frozen
public struct SBETextLayout: Sendable {
    /// The name in the schema.
    public let name: StaticString
    /// Bytes from the block's start.
    public let offset: Int
    /// How many bytes there are.
    public let count: Int
    /// The version that has introduced the field.
    public let sinceVersion: Int
    /// How the bytes are to be read.
    public let encoding: SBECharacterEncoding

    /// Describes an array of characters.
    @inlinable @inline(__always)
    public init(
        _ name: StaticString, _ offset: Int, _ count: Int, since: Int, _ encoding: SBECharacterEncoding
    ) {
        self.name = name
        self.offset = offset
        self.count = count
        sinceVersion = since
        self.encoding = encoding
    }
}

/// Where a composite lies in a block. Generated.
public protocol SBECompositeField {
    /// The type of the composite that lies there.
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

/// Where an array of numbers lies in a block. Generated.
public protocol SBEArrayField {
    /// A number of it.
    associatedtype Element: SBEPrimitive
    /// All of it, as one value.
    associatedtype Values
    /// The schema, which has the order of bytes.
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
    /// There since the first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// Elements are not optional.
    @inlinable
    public static var null: Element? { nil }
}

// Why the numbers are in the types: a type of its own for each text and composite, as it was before, cost the
// module of a large schema hundreds of types and conformances to compile. These are names alone.

/// Where an array of characters lies in a block: at an offset, so many bytes, since a version. Generated code
/// names it; there are no values of it.
@frozen
public enum SBETextPlace<
    Block: SBEBlock, let offset: Int, let count: Int, let since: Int, Encoding: SBETextEncoding
>: SBETextField {
    /// Its name, where it is and how it is to be read.
    @inlinable @inline(__always)
    public static var layout: SBETextLayout {
        SBETextLayout(Block._textName(at: offset), offset, count, since: since, Encoding.encoding)
    }
}

/// Where a composite lies in a block: at an offset, since a version. Generated code names it; there are no
/// values of it.
@frozen
public enum SBECompositePlace<Composite: SBECompositeType, let offset: Int, let since: Int>:
    SBECompositeField
{
    /// Bytes from the block's start, and the version that has introduced the field.
    @inlinable @inline(__always)
    public static var place: (offset: Int, since: Int) { (offset, since) }
}

/// How the characters of a text are to be read, as a type. Generated code names one.
public protocol SBETextEncoding {
    /// The same as a value.
    static var encoding: SBECharacterEncoding { get }
}

/// UTF-8, or US-ASCII, which is a part of it.
@frozen
public enum SBEUTF8Text: SBETextEncoding {
    /// The same as a value.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { .utf8 }
}

/// ISO 8859-1: each byte is the Unicode scalar of its number.
@frozen
public enum SBELatin1Text: SBETextEncoding {
    /// The same as a value.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { .latin1 }
}

/// An encoding that the library does not know.
@frozen
public enum SBEOtherText: SBETextEncoding {
    /// The same as a value.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { .other }
}

/// A group, data, a text, an array or a composite, as the member of a view, by the type that says where
/// it is.
///
/// Stands in generated code, for its type alone: the optimiser leaves nothing of it.
@frozen
public struct SBEMember<Place>: Sendable {
    /// Stands for the member. For generated code.
    @inlinable
    public init() {}
}

/// A composite of a later version, which older messages lack, as the member of a view.
///
/// Stands in generated code, for its type alone: the optimiser leaves nothing of it.
@frozen
public struct SBELaterMember<Place>: Sendable {
    /// Stands for the member. For generated code.
    @inlinable
    public init() {}
}
