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

/// ISO 8859-1.
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
