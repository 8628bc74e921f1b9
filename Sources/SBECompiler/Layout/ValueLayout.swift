/// What the octets of a field, or of a member of a composite, mean.
package indirect enum ValueLayout: Hashable, Sendable {
    case encoding(EncodingLayout)
    case enumeration(EnumLayout)
    case set(SetLayout)
    case composite(CompositeLayout)

    /// Octets on the wire, of a field that is no constant.
    package var size: Int {
        switch self {
        case .encoding(let encoding): encoding.size
        case .enumeration(let enumeration): enumeration.size
        case .set(let set): set.size
        case .composite(let composite): composite.size
        }
    }
}
