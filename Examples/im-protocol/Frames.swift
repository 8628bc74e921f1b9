public import ZCSBEServer

extension IM {
    /// The bytes of one message.
    ///
    /// - Throws: `SBEError` where a text is longer than the schema allows.
    public static func bytes<Message: SBEMessage>(
        of type: Message.Type,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) throws -> SharedBytes {
        var buffer = WriteBuffer()
        try type.append(to: &buffer, body)
        return buffer.freeze()
    }

    /// What a member is told of a message that was stored: where it stands, and behind that its bytes as they
    /// are in the log. One frame, the same for all members, so that it is encoded once.
    public static func received(
        _ stored: SharedBytes, delivery: UInt64, sequence: UInt64, epoch: UInt64, channel: String
    ) throws -> SharedBytes {
        var buffer = WriteBuffer()
        try Recv.append(to: &buffer) { message in
            message.delivery = delivery
            message.sequence = sequence
            message.epoch = epoch
            return try message.data(.channel, channel).finish()
        }
        try buffer.append(stored)
        return buffer.freeze()
    }
}
