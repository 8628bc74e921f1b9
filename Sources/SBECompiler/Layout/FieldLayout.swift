/// A field of a message or group entry, or a member of a composite: both are a value at an offset.
package struct FieldLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The field's id; members of composites have none.
    package var id: Int?
    /// Octets from the begin of the block (or of the composite) that the field stands in.
    package var offset: Int
    /// What the field's own presence and its type's make together; the field's wins.
    package var presence: Presence
    package var value: ValueLayout
    /// The constant, exactly where `presence` is `.constant`, unless it is a composite's.
    package var constant: ConstantLayout?
    /// The field is absent from messages of lower versions: the highest of the field's own and its type's.
    package var sinceVersion: Int
    package var annotations: Annotations

    /// Octets on the wire: none for a constant.
    package var size: Int { presence == .constant ? 0 : value.size }

    /// Offset behind the field's last octet.
    package var end: Int { offset + size }
}
