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
