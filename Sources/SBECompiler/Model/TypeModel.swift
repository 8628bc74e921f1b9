/// A named type, or an inline member of a composite.
package indirect enum TypeModel: Sendable {
    case simple(SimpleTypeModel)
    case composite(CompositeModel)
    case enumeration(EnumModel)
    case set(SetModel)

    /// What every kind of type has.
    package var common: TypeCommon {
        switch self {
        case .simple(let type): type.common
        case .composite(let type): type.common
        case .enumeration(let type): type.common
        case .set(let type): type.common
        }
    }

    /// The name by which fields and `<ref>` mean it.
    package var name: String { common.name }
}

/// What `<type>`, `<composite>`, `<enum>`, `<set>` and `<ref>` have in common.
package struct TypeCommon: Sendable {
    package var origin: Origin
    package var name: String
    /// Only members of composites have one.
    package var offset: Int?
    package var presence: Presence?
    package var sinceVersion: Int
    package var annotations: Annotations
    /// The package of the enclosing `<types>`.
    package var package: String?
}

/// `<type>`: a primitive type with a length, a range, and perhaps a constant value.
package struct SimpleTypeModel: Sendable {
    package var common: TypeCommon
    /// Nil where the attribute is missing or no primitive type; a problem is noted then.
    package var primitive: PrimitiveType?
    /// Nil where it is missing; 1 then.
    package var length: Int?
    package var nullValue: String?
    package var minValue: String?
    package var maxValue: String?
    package var characterEncoding: String?
    /// The text of the element: a constant's value.
    package var text: String?
    /// `Enum.value`, the constant by reference.
    package var valueRef: String?
}

/// `<composite>`: members in order.
package struct CompositeModel: Sendable {
    /// A member: a type of its own, or the use of a named one.
    package enum Member: Sendable {
        case inline(TypeModel)
        case reference(RefModel)

        /// What both kinds have.
        package var common: TypeCommon {
            switch self {
            case .inline(let type): type.common
            case .reference(let reference): reference.common
            }
        }
    }

    package var common: TypeCommon
    package var members: [Member]
}

/// `<ref>`: a member of a composite whose type is defined elsewhere.
package struct RefModel: Sendable {
    package var common: TypeCommon
    /// The name of the type.
    package var type: String
}

/// What an `<enum>` says.
package struct EnumModel: Sendable {
    package var common: TypeCommon
    /// A primitive type or the name of a `<type>`.
    package var encodingType: String
    package var nullValue: String?
    package var values: [ListedValueModel]
}

/// What a `<set>` says.
package struct SetModel: Sendable {
    package var common: TypeCommon
    /// A primitive type or the name of a `<type>`.
    package var encodingType: String
    package var choices: [ListedValueModel]
}

/// `<validValue>` of an enum, or `<choice>` of a set.
package struct ListedValueModel: Sendable {
    package var origin: Origin
    package var name: String
    /// The element's text, nil where it is empty.
    package var text: String?
    package var sinceVersion: Int
    package var annotations: Annotations
}
