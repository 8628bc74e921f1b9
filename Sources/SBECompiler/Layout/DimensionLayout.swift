/// What stands before the entries of a group: the length of an entry's block and the number of entries.
package struct DimensionLayout: Hashable, Sendable {
    /// All members, also those that mean nothing to decoding.
    package var composite: CompositeLayout
    package var blockLength: WireIntegerLayout
    package var numInGroup: WireIntegerLayout
    /// Number of groups nested in each entry, where the schema has the member.
    package var numGroups: WireIntegerLayout?
    /// Number of data fields in each entry, where the schema has the member.
    package var numVarDataFields: WireIntegerLayout?

    /// Octets on the wire.
    package var size: Int { composite.size }
}
