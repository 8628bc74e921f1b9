/// Where an array of characters lies in a block. Generated.
public protocol SBETextField {
    /// The name in the schema.
    static var name: StaticString { get }
    /// Bytes from the block's start.
    static var offset: Int { get }
    /// How many bytes there are.
    static var count: Int { get }
    /// The version that has introduced the field.
    static var sinceVersion: Int { get }
    /// How the bytes are to be read.
    static var encoding: SBECharacterEncoding { get }
}

extension SBETextField {
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// UTF-8, of which US-ASCII is a part.
    @inlinable
    public static var encoding: SBECharacterEncoding { .utf8 }
}
