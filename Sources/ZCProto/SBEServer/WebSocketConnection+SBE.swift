public import ZCNet
public import ZCNetWebSocket

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
    /// - Parameter capacity: the most bytes that groups and data may take beside header and fields.
    /// - Throws: ``SBEError`` when the message does not fit, or what the closure throws.
    @discardableResult
    @inlinable
    public func send<Message: SBEMessage>(
        _ type: Message.Type, capacity: Int = 0,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) throws -> SendResult {
        let size = Message.Schema.header.size + Message.blockLength + max(capacity, 0)
        return try unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { memory in
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
            // SAFETY: initialised above, and ours until the closure returns.
            var bytes = unsafe MutableRawSpan(_unsafeBytes: memory)
            let count = try Message.encode(into: &bytes, body)
            return send(binary: bytes.bytes.extracting(0..<count))
        }
    }
}
