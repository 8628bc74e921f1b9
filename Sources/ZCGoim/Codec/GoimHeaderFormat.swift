/// Which of the two headers a connection's protos have; the `headerLen` field tells them apart.
///
/// | bytes | `plain` | `extended` |
/// |---|---|---|
/// | 0..<4 | packLen | packLen |
/// | 4..<6 | headerLen, 16 | headerLen, 32 |
/// | 6..<8 | ver | ver |
/// | 8..<12 | op | op |
/// | 12..<16 | seq | seq |
/// | 16..<24 | body | RoomId |
/// | 24..<32 | body | UserId |
///
/// All fields are big-endian and signed. The document that the extended header comes from names its two
/// further fields and not their width; 64 bits hold any id.
@frozen
public enum GoimHeaderFormat: UInt8, Hashable, Sendable, CaseIterable {
    /// goim's own header.
    case plain
    /// The header with RoomId and UserId.
    case extended

    /// How many bytes a header has, which is what its `headerLen` says.
    @inlinable
    public var headerBytes: Int { self == .plain ? 16 : 32 }

    /// The format that has so many header bytes.
    @inlinable
    package init?(headerBytes: Int) {
        switch headerBytes {
        case 16: self = .plain
        case 32: self = .extended
        default: return nil
        }
    }
}
