/// The order of octets in everything wider than one: integers, floats, sets, enums, the message header, group
/// dimensions and lengths of data. One order holds for a whole schema.
package enum ByteOrder: String, Sendable {
    /// Least significant octet first, the default of the standard.
    case littleEndian
    /// Most significant octet first.
    case bigEndian
}
