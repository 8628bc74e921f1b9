/// Data of variable length, as the member of a view.
///
/// Stands in generated code, for its type alone: the optimiser leaves nothing of it.
@frozen
public struct SBEDataMember<Data: SBEDataPart>: Sendable {
    /// Stands for the member. For generated code.
    @inlinable
    public init() {}
}
