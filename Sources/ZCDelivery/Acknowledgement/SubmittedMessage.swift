public import ZCNet

/// A message on its way to be stored, and who waits to hear of it.
public struct SubmittedMessage: Sendable {
    /// Whom the acknowledgement goes to. A name, nothing that keeps the connection.
    public var sender: ConnectionID
    /// The sender's own number for the message, which the acknowledgement repeats.
    public var reference: UInt64
    /// What is stored.
    public var bytes: SharedBytes

    /// A message of a sender.
    public init(from sender: ConnectionID, reference: UInt64, bytes: SharedBytes) {
        self.sender = sender
        self.reference = reference
        self.bytes = bytes
    }
}
