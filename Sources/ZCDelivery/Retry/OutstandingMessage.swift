public import ZCNet

/// A message that was sent and not acknowledged yet.
public struct OutstandingMessage: Sendable {
    /// The application's number for the message: one message may be outstanding on many connections.
    public let id: UInt64
    /// Whom it was sent to. A name, nothing that keeps the connection.
    public let connection: ConnectionID
    /// What is sent again.
    public let bytes: SharedBytes
    /// How often it was sent again.
    public internal(set) var retries: Int

    /// A message that was sent for the first time.
    public init(id: UInt64, to connection: ConnectionID, bytes: SharedBytes) {
        self.id = id
        self.connection = connection
        self.bytes = bytes
        retries = 0
    }
}
