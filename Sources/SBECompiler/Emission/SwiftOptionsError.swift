/// A choice about generated code that there is not.
package struct SwiftOptionsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected and what came.
    package let description: String
}
