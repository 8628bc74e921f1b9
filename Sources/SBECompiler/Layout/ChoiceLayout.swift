/// One bit of a set.
package struct ChoiceLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// Index of the bit, 0 is the least significant.
    package var bit: Int
    /// The version of the schema that added the choice.
    package var sinceVersion: Int
    package var annotations: Annotations
}
