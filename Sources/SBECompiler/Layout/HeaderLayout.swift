/// The message header, in front of every message's root block.
package struct HeaderLayout: Hashable, Sendable {
    /// All members, also those that mean nothing to decoding.
    package var composite: CompositeLayout
    package var blockLength: WireIntegerLayout
    package var templateId: WireIntegerLayout
    package var schemaId: WireIntegerLayout
    package var version: WireIntegerLayout
    /// Number of groups of the message, where the schema has the member.
    package var numGroups: WireIntegerLayout?
    /// Number of data fields of the message, where the schema has the member.
    package var numVarDataFields: WireIntegerLayout?

    /// Octets on the wire.
    package var size: Int { composite.size }
}
