/// Decodes messages of a schema into trees, without generated code. The octets are not trusted: every read is
/// checked, no count sizes an allocation, and what entries of no octets can blow up to is bounded.
///
/// ```swift
/// let message = try DynamicDecoder(layout).decode(bytes)
/// print(message.json.text)
/// ```
package struct DynamicDecoder: Sendable {
    /// Why bounded: four octets can announce 65,535 entries that have none.
    package static let defaultValuesMax = 1_000_000

    private let layout: SchemaLayout
    private let valuesMax: Int

    /// A decoder of this schema, for messages of at most so many values.
    package init(_ layout: SchemaLayout, valuesMax: Int = defaultValuesMax) {
        self.layout = layout
        self.valuesMax = valuesMax
    }

    /// Decodes the message that `bytes` begin with. Linear in the octets and the values that come out.
    package func decode(_ bytes: [UInt8]) throws(MessageError) -> DynamicMessage {
        var walk = MessageWalk(layout: layout, bytes: bytes, valuesMax: valuesMax)
        return try walk.message()
    }
}
