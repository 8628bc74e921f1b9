/// A block as it is emitted: the root of a message, an entry of a group or a composite, with all its names.
struct SwiftBlock {
    /// What the block is.
    enum Kind {
        case message(MessageLayout)
        case group(GroupLayout)
        case composite(CompositeLayout)
    }

    let kind: Kind
    /// The name of the type where it is declared.
    let name: String
    /// The type from outside.
    let path: String
    /// The property of a group in its owner.
    let member: String
    /// The version that deprecated the composite, or the message that the block is a part of.
    let deprecated: Int?
    var fields: [SwiftField] = []
    var groups: [SwiftBlock] = []
    var data: [SwiftData] = []
    /// What precedes and follows a group.
    var previous = "SBEStart"
    var next = "SBEEnd"

    /// The layout of the fields, groups and data; a composite has fields only.
    var layout: BlockLayout {
        switch kind {
        case .message(let message): message.block
        case .group(let group): group.block
        case .composite(let composite):
            BlockLayout(blockLength: composite.size, fields: composite.members, groups: [], data: [])
        }
    }

    /// The name in the schema.
    var schemaName: String {
        switch kind {
        case .message(let message): message.name
        case .group(let group): group.name
        case .composite(let composite): composite.name.own
        }
    }

    /// What the schema says about it.
    var annotations: Annotations {
        switch kind {
        case .message(let message): message.annotations
        case .group(let group): group.annotations
        case .composite(let composite): composite.annotations
        }
    }

    /// The first group or data.
    var firstPart: String { groups.first?.path ?? data.first?.path ?? "SBEEnd" }

    /// Whether the block is a composite.
    var isComposite: Bool { if case .composite = kind { true } else { false } }
}

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
    /// The name of the property.
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

/// Data of variable length as it is emitted.
struct SwiftData {
    let layout: DataLayout
    /// The name of the property.
    let member: String
    /// The name of the type where it is declared.
    let name: String
    /// The type from outside.
    let path: String
    /// What precedes and follows it.
    var previous = "SBEStart"
    var next = "SBEEnd"
}
