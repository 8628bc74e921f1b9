/// What a gateway takes, and what it does with what it does not.
public struct GatewayOptions: Sendable {
    /// What becomes of a frame with a fault, after `onError` was told.
    @frozen
    public enum FaultPolicy: Hashable, Sendable {
        /// The frame is passed over and counted; the connection goes on.
        case skip
        /// The connection is closed with ``GatewayError/closeCode``: 1003 or 1007.
        case close
    }

    /// What becomes of a binary frame with a fault. To close is the default: who sends one wrong message
    /// will send the next, and wants to know. Text frames always close the connection.
    public var faultPolicy = FaultPolicy.close

    /// The versions of the schema that are taken. All by default: messages of older and of newer versions
    /// can be read (SBE 1.0, "Schema extension"), their unknown fields are passed over.
    public var versions: ClosedRange<Int> = 0...Int.max

    /// The defaults.
    public init() {}
}
