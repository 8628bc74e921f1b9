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
