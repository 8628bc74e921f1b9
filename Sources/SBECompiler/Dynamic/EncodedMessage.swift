/// What became of a tree.
package struct EncodedMessage: Hashable, Sendable {
    package let bytes: [UInt8]
    /// The version that the tree named, where it is newer than the schema and the message therefore another.
    package let newerVersion: UInt64?
}
