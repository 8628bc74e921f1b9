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
    /// The element's text.
    package var text: String?
    /// `Enum.value`, the constant by reference.
    package var valueRef: String?
}
