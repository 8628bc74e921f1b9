/// A message: its template id, and what stands behind the message header.
package struct MessageLayout: Hashable, Sendable {
    /// The name as written in the schema.
    package var name: String
    /// The template id.
    package var id: Int
    package var block: BlockLayout
    /// The version of the schema that added the message.
    package var sinceVersion: Int
    package var annotations: Annotations
}
