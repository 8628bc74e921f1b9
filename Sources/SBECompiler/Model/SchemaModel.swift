/// A schema as it is written: references are names, values are text. What a schema leaves out is nil, so that
/// validation can tell it from a default.
package struct SchemaModel: Sendable {
    package var origin: Origin
    package var package: String?
    package var id: Int
    package var version: Int
    package var semanticVersion: String?
    package var description: String?
    package var byteOrder: ByteOrder
    /// The name of the header's composite.
    package var headerType: String
    /// Of all `<types>`, in the order of the schema.
    package var types: [TypeModel]
    package var messages: [MessageModel]
}

/// `<message>`; its id is the template id.
package struct MessageModel: Sendable {
    package var block: BlockModel
}

/// What `<message>` and `<group>` have in common.
package struct BlockModel: Sendable {
    package var origin: Origin
    package var name: String
    package var id: Int
    /// The declared length, nil where it is missing.
    package var blockLength: Int?
    package var sinceVersion: Int
    package var annotations: Annotations
    package var fields: [FieldModel]
    package var groups: [GroupModel]
    package var data: [DataModel]
}

/// What a `<field>` says.
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

/// What a `<group>` says.
package struct GroupModel: Sendable {
    /// The name of the composite of the dimensions.
    package var dimensionType: String
    package var block: BlockModel
}

/// What a `<data>` says.
package struct DataModel: Sendable {
    package var origin: Origin
    package var name: String
    package var id: Int
    /// The name of the composite of length and octets.
    package var type: String
    package var presence: Presence?
    package var sinceVersion: Int
    package var annotations: Annotations
}

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
