/// What `<type>`, `<composite>`, `<enum>`, `<set>` and `<ref>` have in common.
package struct TypeCommon: Sendable {
    package var origin: Origin
    package var name: String
    /// Only members of composites have one.
    package var offset: Int?
    package var presence: Presence?
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the enclosing `<types>`.
    package var package: String?
}
