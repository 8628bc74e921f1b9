/// The layout of a schema's message header.
@frozen
public struct SBEHeaderLayout: Hashable, Sendable {
    /// Bytes of the header.
    public let size: Int
    /// The length of the root block.
    public let blockLength: SBEWireInteger
    /// The message's id.
    public let templateID: SBEWireInteger
    /// The schema's id.
    public let schemaID: SBEWireInteger
    /// The schema's version.
    public let version: SBEWireInteger
    /// The number of the root's groups, where the schema has it.
    public let groups: SBEWireInteger?
    /// The number of the root's data fields, where the schema has it.
    public let data: SBEWireInteger?

    /// Describes a header.
    @inlinable
    public init(
        size: Int, blockLength: SBEWireInteger, templateID: SBEWireInteger, schemaID: SBEWireInteger,
        version: SBEWireInteger, groups: SBEWireInteger? = nil, data: SBEWireInteger? = nil
    ) {
        self.size = size
        self.blockLength = blockLength
        self.templateID = templateID
        self.schemaID = schemaID
        self.version = version
        self.groups = groups
        self.data = data
    }

    /// The header that the standard recommends: four integers of two bytes.
    @inlinable
    public static var standard: SBEHeaderLayout {
        SBEHeaderLayout(
            size: 8, blockLength: SBEWireInteger(0, 2), templateID: SBEWireInteger(2, 2),
            schemaID: SBEWireInteger(4, 2), version: SBEWireInteger(6, 2))
    }

    /// Whether it is the recommended one. Field by field, so that the optimiser can tell.
    @inlinable
    var isStandard: Bool {
        size == 8 && groups == nil && data == nil && blockLength.isTwoBytes(at: 0)
            && templateID.isTwoBytes(at: 2)
            && schemaID.isTwoBytes(at: 4) && version.isTwoBytes(at: 6)
    }
}
