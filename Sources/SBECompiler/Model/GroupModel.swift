/// `<group>`.
package struct GroupModel: Sendable {
    /// The name of the composite of the dimensions.
    package var dimensionType: String
    package var block: BlockModel
}
