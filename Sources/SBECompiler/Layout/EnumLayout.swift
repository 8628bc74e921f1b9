/// An enumeration. What is on the wire is one of three: a listed value, null, or unknown.
package struct EnumLayout: Hashable, Sendable {
    package var name: TypeName
    /// `char` or an integer.
    package var primitive: PrimitiveType
    /// What stands for null. Never a listed value, unless the schema lists a character that is its null: that
    /// is then the value.
    package var null: PrimitiveValue
    /// In the order of the schema; names and values are unique, and there is at least one.
    package var values: [ValidValueLayout]
    /// The version of the schema that added the type; that of the encoding type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?
    /// Octets on the wire.
    package var size: Int { primitive.size }

    /// The listed value of these bits, nil when there is none.
    package func validValue(_ value: PrimitiveValue) -> ValidValueLayout? {
        values.first { $0.value == value }
    }
}
