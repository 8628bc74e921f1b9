/// A composite of the first version, as the member of a view.
///
/// Stands in generated code, for its type alone: no value is ever made.
@frozen
public struct SBECompositeMember<Field: SBECompositeField>: Sendable {}
