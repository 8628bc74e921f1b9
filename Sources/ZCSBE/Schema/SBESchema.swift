public import ZCBytes

/// What all messages of a schema have in common. Generated.
public protocol SBESchema {
    /// The schema's id.
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

    /// The recommended header.
    @inlinable
    public static var header: SBEHeaderLayout { .standard }

    /// The recommended dimensions.
    @inlinable
    public static var dimensions: SBEDimensionLayout { .standard }

    /// Two bytes.
    @inlinable
    public static var dataLength: SBEWireInteger { SBEWireInteger(0, 2) }
}
