/// `<ref>`: a member of a composite whose type is defined elsewhere.
package struct RefModel: Sendable {
    package var common: TypeCommon
    /// The name of the type.
    package var type: String
}
