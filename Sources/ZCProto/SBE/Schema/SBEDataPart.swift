/// Data of variable length behind a block. Generated.
public protocol SBEDataPart: SBEOpenPart {
    /// How it is checked and followed.
    associatedtype _Rules: SBEPartRules = SBEDataRules<Self>
    /// The schema.
    associatedtype Schema: SBESchema
    /// The name in the schema.
    static var name: StaticString { get }
    /// Where the length lies, and how wide it is.
    static var length: SBEWireInteger { get }
    /// Where the data begin, from the start of the composite.
    static var dataOffset: Int { get }
    /// The version that has introduced the data.
    static var sinceVersion: Int { get }
    /// The fewest bytes.
    static var lengthMin: Int { get }
    /// The most bytes.
    static var lengthMax: Int { get }
    /// How the bytes are to be read as text.
    static var encoding: SBECharacterEncoding { get }
}

extension SBEDataPart {
    /// Behind the length.
    @inlinable
    public static var dataOffset: Int { length.offset &+ length.width }
    /// The first version.
    @inlinable
    public static var sinceVersion: Int { 0 }
    /// None.
    @inlinable
    public static var lengthMin: Int { 0 }
    /// As many as the length can say.
    @inlinable
    public static var lengthMax: Int { length.largest }
    /// UTF-8, of which US-ASCII is a part.
    @inlinable
    public static var encoding: SBECharacterEncoding { .utf8 }
}
