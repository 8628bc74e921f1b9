/// A schema as it is written: references are names, values are text. What a schema leaves out is nil, so that
/// validation can tell it from a default.
package struct SchemaModel: Sendable {
    package var origin: Origin
    package var package: String?
    package var id: Int
    package var version: Int
    package var semanticVersion: String?
    package var description: String?
    package var byteOrder: ByteOrder
    /// The name of the header's composite.
    package var headerType: String
    /// Of all `<types>`, in the order of the schema.
    package var types: [TypeModel]
    package var messages: [MessageModel]
}
