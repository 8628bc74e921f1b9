/// What a schema says about data of variable length.
@frozen
public struct SBEDataLayout: Sendable {
    /// The name in the schema.
    public let name: StaticString
    /// Where the length lies, and how wide it is.
    public let length: SBEWireInteger
    /// Where the data begin, from the start of the composite.
    public let dataOffset: Int
    /// The version that has introduced the data.
    public let sinceVersion: Int
    /// The fewest bytes.
    public let lengthMin: Int
    /// The most bytes.
    public let lengthMax: Int
    /// How the bytes are to be read as text.
    public let encoding: SBECharacterEncoding

    /// Describes data.
    @inlinable @inline(__always)
    public init(
        _ name: StaticString, length: SBEWireInteger, dataOffset: Int, since: Int, _ lengthMin: Int,
        _ lengthMax: Int, _ encoding: SBECharacterEncoding
    ) {
        self.name = name
        self.length = length
        self.dataOffset = dataOffset
        sinceVersion = since
        self.lengthMin = lengthMin
        self.lengthMax = lengthMax
        self.encoding = encoding
    }
}
