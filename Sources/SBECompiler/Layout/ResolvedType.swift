/// A type with its references resolved, and what a field of it inherits.
struct ResolvedType {
    var value: ValueLayout
    /// Nil where the type says nothing.
    var presence: Presence?
    /// The constant of a type that is one.
    var constant: ConstantLayout?
    var sinceVersion: Int
    var annotations: Annotations
    /// Simple values, enums and sets below this type, nested ones counted as often as they occur.
    var leaves: Int
}
