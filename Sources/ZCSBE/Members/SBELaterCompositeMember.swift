/// A composite of a later version, which older messages lack, as the member of a view.
///
/// Stands in generated code, for its type alone: the optimiser leaves nothing of it.
@frozen
public struct SBELaterCompositeMember<Field: SBECompositeField>: Sendable {
    /// Stands for the member. For generated code.
    @inlinable
    public init() {}
}
