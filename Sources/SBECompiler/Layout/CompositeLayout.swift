/// A composite: members at fixed offsets, some of them composites again.
package struct CompositeLayout: Hashable, Sendable {
    package var name: TypeName
    /// In the order of the schema. Offsets count from the begin of this composite, also those of a nested
    /// composite's members from the begin of the nested one.
    package var members: [FieldLayout]
    /// Octets from the first member to the end of the last, with the gaps between them.
    package var size: Int
    /// The version of the schema that added the composite.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?

    /// The member of this name.
    package func member(_ name: String) -> FieldLayout? { members.first { $0.name == name } }

    /// The member whose null makes the whole composite null: the first that is on the wire.
    package var nullMember: FieldLayout? { members.first { $0.presence != .constant } }
}
