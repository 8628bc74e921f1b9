/// A generated set: SBE's bits by their names, as an option set.
///
/// Bits without a name are kept as they came.
public protocol SBEChoices: SBEPrimitive, OptionSet, Hashable, CustomStringConvertible
where RawValue == Bits, Element == Self, Bits: UnsignedInteger {
    /// The choices of the schema with their names.
    static var sbeNames: [(choice: Self, name: StaticString)] { get }
}

extension SBEChoices {
    /// The set that these bits stand for.
    @inlinable
    public init(sbeBits: Bits) { self.init(rawValue: sbeBits) }

    /// The bits.
    @inlinable
    public var sbeBits: Bits { rawValue }

    /// The names of the choices that are in the set, in the order of the schema.
    public var sbeChosen: [String] {
        Self.sbeNames.filter { contains($0.choice) }.map(\.name.description)
    }

    /// The names of the choices that are in the set.
    public var description: String { "[\(sbeChosen.joined(separator: ", "))]" }
}
