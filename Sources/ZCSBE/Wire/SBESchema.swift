// Views and encoders of messages in Simple Binary Encoding, and what generated code stands on: bytes, and no
// connection.
@_exported import ZCBytes

/// What all messages of a schema have in common. Generated.
public protocol SBESchema {
    /// The schema's id, as headers have it.
    static var id: Int { get }
    /// The version that the code was generated from.
    static var version: Int { get }
    /// The order of bytes in integers and floats.
    static var byteOrder: ByteOrder { get }
    /// The layout of the message header.
    static var header: SBEHeaderLayout { get }
    /// How unknown groups of a newer message begin; the schema's default dimensions.
    static var dimensions: SBEDimensionLayout { get }
    /// How wide the length of unknown data of a newer message is, and where it lies.
    static var dataLength: SBEWireInteger { get }
}

extension SBESchema {
    /// Little-endian, the standard's default.
    @inlinable
    public static var byteOrder: ByteOrder { .littleEndian }

    /// The header that the standard recommends.
    @inlinable
    public static var header: SBEHeaderLayout { .standard }

    /// The dimensions that the standard recommends.
    @inlinable
    public static var dimensions: SBEDimensionLayout { .standard }

    /// A length of two bytes, as the standard recommends.
    @inlinable
    public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
}

/// Where an unsigned integer of a header, a group's dimensions or a data length lies, and how wide it is.
@frozen
public struct SBEWireInteger: Hashable, Sendable {
    /// Bytes from the composite's start.
    public let offset: Int
    /// 1, 2, 4 or 8 bytes; 0 of a constant, which is not on the wire.
    public let width: Int
    /// The value, where the schema makes it a constant.
    public let constant: Int?

    /// Describes an integer of the wire.
    @inlinable
    public init(_ offset: Int, _ width: Int, constant: Int? = nil) {
        self.offset = offset
        self.width = width
        self.constant = constant
    }

    /// The largest number that can be written.
    @inlinable
    public var largest: Int { constant ?? (width >= 8 ? .max : (1 << (width &* 8)) &- 1) }

    /// Whether it takes the two bytes at an offset.
    @inlinable
    func isTwoBytes(at place: Int) -> Bool { offset == place && width == 2 && constant == nil }
}

/// The layout of a schema's message header.
@frozen
public struct SBEHeaderLayout: Hashable, Sendable {
    /// Bytes of the header.
    public let size: Int
    /// The length of the root block.
    public let blockLength: SBEWireInteger
    /// Where the message's id is.
    public let templateID: SBEWireInteger
    /// Where the schema's id is.
    public let schemaID: SBEWireInteger
    /// Where the schema's version is.
    public let version: SBEWireInteger
    /// The number of the root's groups, where the schema has it.
    public let groups: SBEWireInteger?
    /// The number of the root's data fields, where the schema has it.
    public let data: SBEWireInteger?

    /// Describes a header; called by generated code.
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

/// The layout of what stands before a group's entries.
@frozen
public struct SBEDimensionLayout: Hashable, Sendable {
    /// Bytes of the dimensions.
    public let size: Int
    /// The length of each entry's block.
    public let blockLength: SBEWireInteger
    /// The number of entries.
    public let count: SBEWireInteger
    /// The number of groups in each entry, where the schema has it.
    public let groups: SBEWireInteger?
    /// The number of data fields in each entry, where the schema has it.
    public let data: SBEWireInteger?

    /// Describes dimensions; called by generated code.
    @inlinable
    public init(
        size: Int, blockLength: SBEWireInteger, count: SBEWireInteger, groups: SBEWireInteger? = nil,
        data: SBEWireInteger? = nil
    ) {
        self.size = size
        self.blockLength = blockLength
        self.count = count
        self.groups = groups
        self.data = data
    }

    /// The dimensions that the standard recommends: two integers of two bytes.
    @inlinable
    public static var standard: SBEDimensionLayout {
        SBEDimensionLayout(size: 4, blockLength: SBEWireInteger(0, 2), count: SBEWireInteger(2, 2))
    }
}
