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

/// What a schema says about an element without changing a single octet: for documentation, and for names in
/// emitted code.
package struct Annotations: Hashable, Sendable {
    /// The attribute `description`, nil where it is missing or empty.
    package var description: String?
    /// A data type of FIX, such as `UTCTimestamp`.
    package var semanticType: String?
    /// The version of the schema in which the element was deprecated.
    package var deprecated: Int?
    /// Begin of a time, `epoch` of the release candidates of the standard, kept as it was written.
    package var epoch: String?
    /// Unit of a time, `timeUnit` of the release candidates of the standard, kept as it was written.
    package var timeUnit: String?

    /// Annotations; none unless given.
    package init(
        description: String? = nil, semanticType: String? = nil, deprecated: Int? = nil, epoch: String? = nil,
        timeUnit: String? = nil
    ) {
        self.description = description
        self.semanticType = semanticType
        self.deprecated = deprecated
        self.epoch = epoch
        self.timeUnit = timeUnit
    }
}

/// Whether a field may be null, or is not on the wire at all.
package enum Presence: String, Sendable {
    /// Always a value; the null sentinel is then an ordinary value.
    case required
    /// The null sentinel of the encoding says that there is no value.
    case optional
    /// Known from the schema, no octets on the wire.
    case constant
}

/// The order of octets in everything wider than one: integers, floats, sets, enums, the message header, group
/// dimensions and lengths of data. One order holds for a whole schema.
package enum ByteOrder: String, Sendable {
    /// Least significant octet first, the default of the standard.
    case littleEndian
    /// Most significant octet first.
    case bigEndian
}
