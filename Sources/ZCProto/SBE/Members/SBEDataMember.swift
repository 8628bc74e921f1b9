/// Data of variable length, as the member of a view.
///
/// Stands in generated code, for its type alone: no value is ever made.
@frozen
public struct SBEDataMember<Data: SBEDataPart>: Sendable {}
