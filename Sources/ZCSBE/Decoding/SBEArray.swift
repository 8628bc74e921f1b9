public import ZCBytes

/// An array of numbers in a message, in place.
///
/// ```swift
/// let numbers = car.someNumbers
/// for index in numbers.indices { total += Int(numbers[index]) }
/// ```
/// **Ownership.** Borrows the bytes of the message.
@frozen
public struct SBEArray<Field: SBEArrayField>: ~Escapable {
    /// The bytes of all elements, as they are on the wire.
    public let bytes: RawSpan

    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// How many elements there are: as many as the schema says, or none in a message of an older version.
    @inlinable
    public var count: Int { bytes.byteCount / MemoryLayout<Field.Element.Bits>.size }

    /// The indices of the elements: `0..<count`.
    @inlinable
    public var indices: Range<Int> { 0..<count }

    /// An element.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Field.Element {
        let size = MemoryLayout<Field.Element.Bits>.size
        precondition(index >= 0 && index < count, "no such element")
        // SAFETY: checked; every bit pattern is an integer.
        let bits = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: index &* size, as: Field.Element.Bits.self)
        return Field.Element(sbeBits: Field.Schema.byteOrder.applied(to: bits))
    }

    /// An element, or nil of the null value, where elements are optional.
    ///
    /// - Precondition: `index` is one of `0..<count`.
    @inlinable @inline(__always)
    public func optional(at index: Int) -> Field.Element? {
        let value = self[index]
        if let null = Field.null, value.isSBENull(null) { return nil }
        return value
    }

    /// All elements, copied into an array that may be kept.
    public var elements: [Field.Element] { indices.map { self[$0] } }
}
