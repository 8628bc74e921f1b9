/// The element that a part of the model was read from, for problems found later.
package struct Origin: Hashable, Sendable {
    package let location: SourceLocation
    /// The start tag, shortened.
    package let tag: String

    /// The origin of what is read from this element.
    init(_ element: SourceElement) {
        location = element.location
        tag = element.tag
    }
}

extension ProblemList {
    /// Notes what refuses the schema, at the element that a part of the model was read from.
    mutating func error(_ origin: Origin, _ message: String) { error(origin.location, origin.tag, message) }

    /// Notes what is doubtful, at the element that a part of the model was read from.
    mutating func warning(_ origin: Origin, _ message: String) {
        warning(origin.location, origin.tag, message)
    }
}
