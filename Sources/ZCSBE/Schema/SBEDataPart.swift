/// Data of variable length behind a block. Generated.
public protocol SBEDataPart: SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEDataRules<Self>
    /// The schema.
    associatedtype Schema: SBESchema
    /// Its name, its length and how it is to be read.
    static var layout: SBEDataLayout { get }
}

// Why one value, which the optimiser takes apart again: each requirement costs a function in each conforming
// type.
extension SBEDataPart {
    /// The name in the schema.
    @inlinable @inline(__always)
    public static var name: StaticString { layout.name }
    /// Where the length lies, and how wide it is.
    @inlinable @inline(__always)
    public static var length: SBEWireInteger { layout.length }
    /// Where the data begin, from the start of the composite.
    @inlinable @inline(__always)
    public static var dataOffset: Int { layout.dataOffset }
    /// The version that has introduced the data.
    @inlinable @inline(__always)
    public static var sinceVersion: Int { layout.sinceVersion }
    /// The fewest bytes.
    @inlinable @inline(__always)
    public static var lengthMin: Int { layout.lengthMin }
    /// The most bytes.
    @inlinable @inline(__always)
    public static var lengthMax: Int { layout.lengthMax }
    /// How the bytes are to be read as text.
    @inlinable @inline(__always)
    public static var encoding: SBECharacterEncoding { layout.encoding }
}
