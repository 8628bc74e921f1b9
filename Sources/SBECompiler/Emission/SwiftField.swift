/// A field as it is emitted.
struct SwiftField {
    /// How the field is reached.
    enum Kind {
        /// Not on the wire.
        case constant(ConstantLayout)
        /// A property of the view: a number, a character, an enumeration or a set.
        case scalar
        /// A member of the view, through a type that names where it is.
        case text(EncodingLayout)
        case array(EncodingLayout)
        case composite(CompositeLayout)
    }

    let layout: FieldLayout
    let kind: Kind
    /// The property.
    let member: String
    /// The declared type that says where a member is; empty for properties.
    let marker: String
    /// The type from outside.
    let path: String

    /// Whether the field is reached through the view's members.
    var isMember: Bool {
        switch kind {
        case .text, .array, .composite: true
        case .constant, .scalar: false
        }
    }

    /// Whether older messages lack the field.
    var isLater: Bool { layout.sinceVersion > 0 }
}
