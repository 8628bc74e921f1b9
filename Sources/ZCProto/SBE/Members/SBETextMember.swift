/// An array of characters, as the member of a view.
///
/// Stands in generated code, for its type alone: no value is ever made.
@frozen
public struct SBETextMember<Field: SBETextField>: Sendable {}
