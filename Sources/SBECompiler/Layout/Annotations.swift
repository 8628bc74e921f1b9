/// What a schema says about an element without changing a single octet: for documentation, and for names in
/// emitted code.
package struct Annotations: Hashable, Sendable {
    /// The attribute `description`, nil where it is missing or empty.
    package var description: String?
    /// A data type of FIX, such as `UTCTimestamp`.
    package var semanticType: String?
    /// The version of the schema in which the element was deprecated.
    package var deprecated: Int?
    /// Begin of a time, `epoch` of the release candidates of the standard, kept as it was written.
    package var epoch: String?
    /// Unit of a time, `timeUnit` of the release candidates of the standard, kept as it was written.
    package var timeUnit: String?

    /// Annotations; none unless given.
    package init(
        description: String? = nil, semanticType: String? = nil, deprecated: Int? = nil, epoch: String? = nil,
        timeUnit: String? = nil
    ) {
        self.description = description
        self.semanticType = semanticType
        self.deprecated = deprecated
        self.epoch = epoch
        self.timeUnit = timeUnit
    }
}
