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
