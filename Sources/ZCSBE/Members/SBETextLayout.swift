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
