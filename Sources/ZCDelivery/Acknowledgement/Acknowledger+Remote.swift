public import ZCNet

extension Acknowledger {
    /// An acknowledger whose answers go to the senders' connections: those to one connection out of one
    /// append are encoded together and sent with one message to its loop.
    ///
    /// ```swift
    /// let acknowledger = try Acknowledger<UInt64>(storingIn: store, over: group.loops) { answer, output in
    ///     try output.append(answer.reference, .bigEndian)
    ///     try output.append((try? answer.result.get().rawValue) ?? 0, .bigEndian)
    /// }
    /// ```
    /// Answers to one connection come in the order in which its messages were stored. Where a loop's mailbox
    /// or a connection's output has no room for them, that connection is closed with the cause `overflow`,
    /// so that its sender knows to ask; a connection that is over gets nothing.
    ///
    /// - Parameters:
    ///   - store: where messages are kept.
    ///   - loops: all loops of the group that senders' connections are on.
    ///   - limits: what may wait, and how much is appended at a time.
    ///   - encode: appends one answer in the protocol's form. What it throws closes the connection.
    public convenience init(
        storingIn store: any MessageStore, over loops: [EventLoop],
        limits: AcknowledgerLimits = AcknowledgerLimits(),
        encode: @escaping @Sendable (Acknowledgement, inout WriteBuffer) throws(WriteBufferError) -> Void
    ) throws(ConfigurationError) {
        let mail = AcknowledgementMail(loops: loops, encode: encode)
        try self.init(storingIn: store, limits: limits) { mail.deliver($0) }
    }
}
