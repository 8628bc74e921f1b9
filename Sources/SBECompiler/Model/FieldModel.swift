/// `<field>`.
package struct FieldModel: Sendable {
    package var origin: Origin
    package var name: String
    package var id: Int
    /// A primitive type or the name of a type.
    package var type: String
    package var offset: Int?
    package var presence: Presence?
    /// `Enum.value`, the constant by reference.
    package var valueRef: String?
    /// The element's text: the constant of a field whose type is none.
    package var text: String?
    package var sinceVersion: Int
    package var annotations: Annotations
}
