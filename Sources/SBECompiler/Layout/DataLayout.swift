/// Data of variable length: the number of octets, immediately followed by the octets.
package struct DataLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    package var id: Int
    /// The name of the composite that says how the length is encoded.
    package var typeName: TypeName
    package var length: WireIntegerLayout
    /// Octets from the begin of the length's composite to the first octet of data.
    package var dataOffset: Int
    /// `char` or `uint8`: what the schema says the octets are.
    package var primitive: PrimitiveType
    /// The character encoding as written, nil where the octets are no text.
    package var characterEncoding: String?
    /// The data is absent from messages of lower versions. The version of its type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
}
