public import ZCNet

/// What became of a submitted message: its number in the store, or why it is not there.
public struct Acknowledgement: Sendable {
    /// Whom it is for.
    public let sender: ConnectionID
    /// The sender's own number for the message.
    public let reference: UInt64
    /// The message's sequence number once it is as safe as the store makes it; or why it is not stored. After
    /// the code `failed` it may be stored all the same.
    public let result: Result<MessageSequence, MessageStoreError>

    /// An answer to a message.
    public init(
        to sender: ConnectionID, reference: UInt64, _ result: Result<MessageSequence, MessageStoreError>
    ) {
        self.sender = sender
        self.reference = reference
        self.result = result
    }
}
