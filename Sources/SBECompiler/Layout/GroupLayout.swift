/// A repeating group: its dimensions, then as many entries as they say.
package struct GroupLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    package var id: Int
    package var dimension: DimensionLayout
    /// One entry.
    package var block: BlockLayout
    /// The group is absent from messages of lower versions. The version of its dimension type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
}
