/// The order of an integer's bytes in a message.
@frozen
public enum ByteOrder: Sendable, Hashable {
    /// The most significant byte first: network order.
    case bigEndian
    /// The least significant byte first: the order of SBE and of most processors.
    case littleEndian

    /// The integer whose memory has the bytes of `value` in this order; also the way back.
    @inlinable
    public func applied<Value: FixedWidthInteger>(to value: Value) -> Value {
        switch self {
        case .bigEndian: value.bigEndian
        case .littleEndian: value.littleEndian
        }
    }
}
