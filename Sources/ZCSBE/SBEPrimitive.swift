/// What a field can hold in a fixed number of bytes: an integer, a float, a character, an enumeration or a
/// set of bits.
///
/// Generated enumerations and sets conform to it; there is no need to write conformances by hand.
public protocol SBEPrimitive: BitwiseCopyable, Sendable {
    /// The integer that has the field's bytes.
    associatedtype Bits: FixedWidthInteger & BitwiseCopyable & Sendable

    /// The value that these bits stand for. There is one for all bits.
    init(sbeBits: Bits)

    /// The bits of the value.
    var sbeBits: Bits { get }

    /// Whether the value is the one that stands for null.
    func isSBENull(_ null: Self) -> Bool
}

extension SBEPrimitive {
    /// Compares the bits.
    @inlinable
    public func isSBENull(_ null: Self) -> Bool { sbeBits == null.sbeBits }
}

extension SBEPrimitive where Self: FixedWidthInteger, Bits == Self {
    /// The integer itself.
    @inlinable
    public init(sbeBits: Self) { self = sbeBits }

    /// The integer itself.
    @inlinable
    public var sbeBits: Self { self }
}

extension Int8: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = Int8
}
extension Int16: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = Int16
}
extension Int32: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = Int32
}
extension Int64: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = Int64
}
extension UInt8: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = UInt8
}
extension UInt16: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = UInt16
}
extension UInt32: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = UInt32
}
extension UInt64: SBEPrimitive {
    /// The integer itself.
    public typealias Bits = UInt64
}

extension Float: SBEPrimitive {
    /// The bits of IEEE 754 binary32.
    @inlinable
    public init(sbeBits: UInt32) { self.init(bitPattern: sbeBits) }

    /// The bits of IEEE 754 binary32.
    @inlinable
    public var sbeBits: UInt32 { bitPattern }

    /// Any NaN is null where null is NaN.
    @inlinable
    public func isSBENull(_ null: Float) -> Bool { null.isNaN ? isNaN : bitPattern == null.bitPattern }
}

extension Double: SBEPrimitive {
    /// The bits of IEEE 754 binary64.
    @inlinable
    public init(sbeBits: UInt64) { self.init(bitPattern: sbeBits) }

    /// The bits of IEEE 754 binary64.
    @inlinable
    public var sbeBits: UInt64 { bitPattern }

    /// Any NaN is null where null is NaN.
    @inlinable
    public func isSBENull(_ null: Double) -> Bool { null.isNaN ? isNaN : bitPattern == null.bitPattern }
}
