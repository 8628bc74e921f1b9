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
