/// What `<message>` and `<group>` have in common.
package struct BlockModel: Sendable {
    package var origin: Origin
    package var name: String
    package var id: Int
    /// The declared length, nil where it is missing.
    package var blockLength: Int?
    package var sinceVersion: Int
    package var annotations: Annotations
    package var fields: [FieldModel]
    package var groups: [GroupModel]
    package var data: [DataModel]
}
