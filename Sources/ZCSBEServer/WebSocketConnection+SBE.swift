public import ZCNet
public import ZCNetWebSocket
public import ZCSBE

extension WebSocketConnection {
    /// Sends one message, written in place.
    ///
    /// ```swift
    /// try peer.send(Trade.self) { trade in
    ///     trade.price = 100.5
    ///     return trade.finish()
    /// }
    /// ```
    /// Encodes on the stack; nothing is allocated where the message is short.
    ///
    /// - Parameters:
    ///   - capacity: the most bytes that groups and data may take beside header and fields.
    ///   - conflatingKey: where the overflow policy is `conflate`, the message takes the place of a waiting
    ///     one of the same key, such as the last price of an instrument. Not 0.
    /// - Throws: ``SBEError`` when the message does not fit, or what the closure throws.
    @discardableResult
    @inlinable
    public func send<Message: SBEMessage>(
        _ type: Message.Type, capacity: Int = 0, conflatingKey: UInt64? = nil,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) throws -> SendResult {
        let size = Message.Schema.header.size + Message.blockLength + max(capacity, 0)
        return try unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { memory in
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
            // SAFETY: initialised above, and ours until the closure returns.
            var bytes = unsafe MutableRawSpan(_unsafeBytes: memory)
            let count = try Message.encode(into: &bytes, body)
            let message = bytes.bytes.extracting(0..<count)
            if let conflatingKey { return send(binary: message, conflatingKey: conflatingKey) }
            return send(binary: message)
        }
    }
}
