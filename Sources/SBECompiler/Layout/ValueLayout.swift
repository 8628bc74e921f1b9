/// What the octets of a field, or of a member of a composite, mean.
package indirect enum ValueLayout: Hashable, Sendable {
    case encoding(EncodingLayout)
    case enumeration(EnumLayout)
    case set(SetLayout)
    case composite(CompositeLayout)

    /// Octets on the wire, of a field that is no constant.
    package var size: Int {
        switch self {
        case .encoding(let encoding): encoding.size
        case .enumeration(let enumeration): enumeration.size
        case .set(let set): set.size
        case .composite(let composite): composite.size
        }
    }
}

/// A simple encoding: one primitive value, or an array of a fixed number of them.
package struct EncodingLayout: Hashable, Sendable {
    /// The name of the `<type>`, or of the primitive type where the field named that.
    package var name: String
    /// What each element is.
    package var primitive: PrimitiveType
    /// Number of elements: 1 is a scalar, everything else an array (0 also).
    package var length: Int
    /// What stands for null, where the field is optional.
    package var null: PrimitiveValue
    /// The lowest value that is valid; decoding does not refuse others.
    package var minimum: PrimitiveValue
    /// The highest value that is valid; decoding does not refuse others.
    package var maximum: PrimitiveValue
    /// Whether the schema gave `nullValue`, `minValue` or `maxValue`, or the primitive type's stand.
    package var isNullDeclared: Bool
    package var isMinimumDeclared: Bool
    package var isMaximumDeclared: Bool
    /// The character encoding as written, nil where it is missing.
    package var characterEncoding: String?

    /// Whether the encoding has one element that is read as a value of its own.
    package var isScalar: Bool { length == 1 }

    /// Whether the encoding is a text of fixed length.
    package var isText: Bool { primitive == .char && length != 1 }

    /// Octets on the wire, of a field that is no constant.
    package var size: Int { primitive.size * length }

    /// Whether `value` stands for null in an optional field. Every NaN does, unless the schema names another
    /// value for null.
    package func isNull(_ value: PrimitiveValue) -> Bool {
        null.isNaN ? value.isNaN : value == null
    }
}

/// A composite: members at fixed offsets, some of them composites again.
package struct CompositeLayout: Hashable, Sendable {
    package var name: TypeName
    /// In the order of the schema. Offsets count from the begin of this composite, also those of a nested
    /// composite's members from the begin of the nested one.
    package var members: [FieldLayout]
    /// Octets from the first member to the end of the last, with the gaps between them.
    package var size: Int
    /// The version of the schema that added the composite.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?

    /// The member of this name.
    package func member(_ name: String) -> FieldLayout? { members.first { $0.name == name } }

    /// The member whose null makes the whole composite null: the first that is on the wire.
    package var nullMember: FieldLayout? { members.first { $0.presence != .constant } }
}

/// An enumeration. What is on the wire is one of three: a listed value, null, or unknown.
package struct EnumLayout: Hashable, Sendable {
    package var name: TypeName
    /// `char` or an integer.
    package var primitive: PrimitiveType
    /// What stands for null. Never a listed value, unless the schema lists a character that is its null: that
    /// is then the value.
    package var null: PrimitiveValue
    /// In the order of the schema; names and values are unique, and there is at least one.
    package var values: [ValidValueLayout]
    /// The version of the schema that added the type; that of the encoding type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?
    /// Octets on the wire.
    package var size: Int { primitive.size }

    /// The listed value of these bits, nil when there is none.
    package func validValue(_ value: PrimitiveValue) -> ValidValueLayout? {
        values.first { $0.value == value }
    }
}

/// One of the values that an enum lists.
package struct ValidValueLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The value on the wire.
    package var value: PrimitiveValue
    /// The version of the schema that added the value.
    package var sinceVersion: Int
    package var annotations: Annotations
}

/// A set of choices, one bit each. A set has no null; bits without a choice are ignored on reading.
package struct SetLayout: Hashable, Sendable {
    package var name: TypeName
    /// The type of the bits: `uint8` to `uint64`.
    package var primitive: PrimitiveType
    /// In the order of the schema; names and bits are unique.
    package var choices: [ChoiceLayout]
    /// The version of the schema that added the type; that of the encoding type does not count.
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the set of types, where the schema gives one of its own.
    package var package: String?
    /// Octets on the wire.
    package var size: Int { primitive.size }
}

/// One bit of a set.
package struct ChoiceLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// Index of the bit, 0 is the least significant.
    package var bit: Int
    /// The version of the schema that added the choice.
    package var sinceVersion: Int
    package var annotations: Annotations
}

/// The value of a constant, which occupies no octets on the wire.
package enum ConstantLayout: Hashable, Sendable {
    /// A number or a single character, from the element's text, or from a `valueRef` where the field's type
    /// is the enum's primitive type.
    case value(PrimitiveValue)
    /// Characters: the octets of the text in the type's character encoding, with zeros behind them where the
    /// type is longer. Always of the primitive type `char` with a length other than 1.
    case text([UInt8])
    /// A value of an enum, by `valueRef`.
    case validValue(name: String, PrimitiveValue)
}

/// A type with its references resolved, and what a field of it inherits.
struct ResolvedType {
    var value: ValueLayout
    /// Nil where the type says nothing.
    var presence: Presence?
    /// The constant of a type that is one.
    var constant: ConstantLayout?
    var sinceVersion: Int
    var annotations: Annotations
    /// Simple values, enums and sets below this type, nested ones counted as often as they occur.
    var leaves: Int
}
