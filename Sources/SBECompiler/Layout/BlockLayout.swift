/// What a message and a group entry have in common: a block of fixed length, then groups, then data.
package struct BlockLayout: Hashable, Sendable {
    /// Octets of the block: the declared length, or the sum of the fields.
    package var blockLength: Int
    /// In the order of the schema, constants among them.
    package var fields: [FieldLayout]
    /// In the order of the schema, which is the order on the wire.
    package var groups: [GroupLayout]
    /// In the order of the schema, behind all groups.
    package var data: [DataLayout]
}
