/// One of the values that an enum lists.
package struct ValidValueLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The value on the wire.
    package var value: PrimitiveValue
    /// The version of the schema that added the value.
    package var sinceVersion: Int
    package var annotations: Annotations
}
