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

extension SBEMessage {
    /// Appends a message to a buffer, which grows as needed.
    ///
    /// ```swift
    /// var buffer = WriteBuffer()
    /// try Trade.append(to: &buffer) { trade in
    ///     trade.price = 100.5
    ///     return trade.finish()
    /// }
    /// ```
    /// Where the message turns out to be longer than the buffer has room, the buffer grows and the closure is
    /// called again, from the start: it must only say what is in the message.
    ///
    /// - Returns: the message's length.
    /// - Throws: ``SBEError``, `WriteBufferError` at the buffer's limit, or what the closure throws. Nothing
    /// is
    ///   appended then.
    @inlinable
    @discardableResult
    public static func append(
        to buffer: inout WriteBuffer,
        _ body: (consuming SBEEncoder<Self, FirstPart>) throws -> SBEWritten<Self>
    ) throws -> Int {
        var room = Schema.header.size &+ blockLength
        while true {
            let spare = try unsafe buffer.spare(atLeast: room)
            var bytes = unsafe spare.mutableBytes
            do {
                let count = try encode(into: &bytes, body)
                buffer.commit(count)
                return count
            } catch let error as SBEError where error.code == .noRoom {
                // At least twice as much, so that the closure is called a logarithmic number of times.
                room = max(error.expected, spare.count &* 2)
            }
        }
    }
}
