/// `<enum>`.
package struct EnumModel: Sendable {
    package var common: TypeCommon
    /// A primitive type or the name of a `<type>`.
    package var encodingType: String
    package var nullValue: String?
    package var values: [ListedValueModel]
}
