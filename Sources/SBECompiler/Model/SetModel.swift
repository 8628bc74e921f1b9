/// `<set>`.
package struct SetModel: Sendable {
    package var common: TypeCommon
    /// A primitive type or the name of a `<type>`.
    package var encodingType: String
    package var choices: [ListedValueModel]
}
