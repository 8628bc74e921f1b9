/// `<data>`.
package struct DataModel: Sendable {
    package var origin: Origin
    package var name: String
    package var id: Int
    /// The name of the composite of length and octets.
    package var type: String
    package var presence: Presence?
    package var sinceVersion: Int
    package var annotations: Annotations
}
