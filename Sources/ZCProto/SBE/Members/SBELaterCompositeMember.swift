/// A composite of a later version, which older messages lack, as the member of a view.
///
/// Stands in generated code, for its type alone: no value is ever made.
@frozen
public struct SBELaterCompositeMember<Field: SBECompositeField>: Sendable {}
