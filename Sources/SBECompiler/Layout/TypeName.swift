/// The name of an enum, set or composite: its own, and those of the composites that it was written inside, so
/// that two inline types of one name stay apart.
package struct TypeName: Hashable, Sendable, CustomStringConvertible {
    /// Outermost composite first, the type's own name last; never empty.
    package let path: [String]

    /// A name inside the composites named before it.
    package init(path: [String]) { self.path = path }

    /// The type's own name.
    package var own: String { path.last ?? "" }

    /// Whether the type was written inline, inside a composite.
    package var isNested: Bool { path.count > 1 }

    /// The path, joined by dots.
    package var description: String { path.joined(separator: ".") }
}
