/// The name of a group or data, as the first argument of ``SBEEncoder``'s methods. Generated code adds the
/// names; where a part must not follow, its name is not found.
@frozen
public struct SBEPartName<Part: SBEPart>: Sendable {
    /// Names the part. For generated code.
    @inlinable @inline(__always)
    public init() {}
}
