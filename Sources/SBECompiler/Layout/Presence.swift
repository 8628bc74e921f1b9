/// Whether a field may be null, or is not on the wire at all.
package enum Presence: String, Sendable {
    /// Always a value; the null sentinel is then an ordinary value.
    case required
    /// The null sentinel of the encoding says that there is no value.
    case optional
    /// Known from the schema, no octets on the wire.
    case constant
}
