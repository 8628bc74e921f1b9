/// One thing that is wrong with a schema, or doubtful.
package struct SchemaProblem: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// The schema is refused.
        case error
        /// The schema can be used; the standard, or other tools, would have it otherwise.
        case warning
    }

    package let severity: Severity
    package let location: SourceLocation
    /// The start tag of the element concerned, such as `<field name="price">`.
    package let element: String
    /// What was expected and what came.
    package let message: String
}

extension SchemaProblem: CustomStringConvertible {
    /// One line, in the form that editors and build systems understand.
    package var description: String { "\(location): \(severity.rawValue): \(element): \(message)" }
}
