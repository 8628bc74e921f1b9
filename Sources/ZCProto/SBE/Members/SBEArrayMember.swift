/// An array of numbers, as the member of a view.
///
/// Stands in generated code, for its type alone: no value is ever made.
@frozen
public struct SBEArrayMember<Field: SBEArrayField>: Sendable {}
