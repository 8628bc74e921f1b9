/// `<validValue>` of an enum, or `<choice>` of a set.
package struct ListedValueModel: Sendable {
    package var origin: Origin
    package var name: String
    /// The element's text, nil where it is empty.
    package var text: String?
    package var sinceVersion: Int
    package var annotations: Annotations
}
