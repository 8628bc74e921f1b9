public import ZCNet
public import ZCNetWebSocket
public import ZCSBE

/// Messages of one kind and one length, back to back in a frame, read in place.
///
/// ```swift
/// func onTrades(_ trades: borrowing TradeBatch, from peer: inout WebSocketPeer) {
///     for index in trades.indices { volume += UInt64(trades[index].quantity) }
/// }
/// ```
/// All have the same header, so that each is found by its index. Every message was checked before the batch
/// was made, and no property of one can fail.
///
/// **Ownership.** Borrows the bytes, as its messages do. The compiler lets neither outlive them: what is to
/// be kept is copied, as with `Trade.Value(trades[index])`.
///
/// **Complexity.** O(1) everything but ``forEach(_:)``.
@safe @frozen
public struct SBEBatch<Message: SBEMessage>: ~Escapable where Message.FirstPart == SBEEnd {
    @usableFromInline let extent: SBEExtent
    // Bytes of the block, and from one message to the next, the header included.
    @usableFromInline let length: Int
    @usableFromInline let stride: Int
    /// How many messages there are; never 0.
    public let count: Int

    /// Takes the messages from `position` on that are as the first one there.
    ///
    /// - Throws: ``GatewayError`` when there is no whole message, or one of a version that is not wanted.
    @_lifetime(copy frame)
    @inlinable @inline(__always)
    init(_ frame: RawSpan, at position: Int, versions: ClosedRange<Int>) throws(GatewayError) {
        let first = try Message.taken(from: frame, at: position, versions)
        let version = first.actingVersion
        length = first.actingBlockLength
        stride = Message.Schema.header.size &+ first.encodedLength
        // The version is the first message's, so that fields of later versions read as nil in all of them.
        // SAFETY: decoding has found a message there.
        extent = unsafe SBEExtent(nonEmpty: frame, from: position).ofVersion(version)
        // Unknown groups or data of a newer version are as long as they are: then each is a batch of its own.
        count = first.encodedLength == length ? Self.run(of: extent, stride) : 1
    }

    /// How many messages from the start have the first one's header, and are whole.
    @inlinable @inline(__always)
    static func run(of rest: borrowing SBEExtent, _ stride: Int) -> Int {
        let size = Message.Schema.header.size
        guard stride >= size, stride > 0 else { return 1 }
        var position = stride
        var count = 1
        // The rare ways out are behind one comparison for each message. Counted, because a division at the
        // end would cost more than all the rest does for a frame of one message.
        while position <= rest.count &- stride, unsafe isSame(rest, position, size) {
            position &+= stride
            count &+= 1
        }
        return count
    }

    /// Whether the header at `position` is the first one's.
    ///
    /// SAFETY: the caller has checked that a message of at least `size` bytes lies there, and one at the
    /// start; to check again would be a third of what the look at each message costs.
    @inlinable @inline(__always)
    @unsafe
    static func isSame(_ rest: borrowing SBEExtent, _ position: Int, _ size: Int) -> Bool {
        let first = unsafe rest.start
        let other = unsafe rest.start + position
        if size == 8 {
            // SAFETY: as above; loads need no alignment.
            return unsafe first.loadUnaligned(as: UInt64.self) == other.loadUnaligned(as: UInt64.self)
        }
        for index in 0..<size {
            // SAFETY: as above, byte by byte.
            if unsafe first.load(fromByteOffset: index, as: UInt8.self)
                != other.load(fromByteOffset: index, as: UInt8.self)
            {
                return false
            }
        }
        return true
    }

    /// The places of the messages.
    @inlinable
    public var indices: Range<Int> { 0..<count }

    /// The version of the schema that wrote the messages.
    @inlinable
    public var actingVersion: Int { extent.version }

    /// The bytes of all messages, headers included.
    @inlinable
    public var encodedBytes: RawSpan {
        @_lifetime(copy self)
        get { extent.bytes(0, stride &* count) }
    }

    /// A message, in place.
    ///
    /// - Precondition: `index` is one of `indices`.
    @inlinable
    public subscript(index: Int) -> SBEView<Message> {
        @_lifetime(copy self)
        @inline(__always)
        get {
            precondition(index >= 0 && index < count, "no such message")
            let header = Message.Schema.header.size
            return SBEView(
                extent.dropping(index &* stride &+ header), length: length, tail: length,
                end: stride &- header)
        }
    }

    /// Calls the closure for each message, in order.
    @inlinable @inline(__always)
    public func forEach<Failure: Error>(
        _ body: (borrowing SBEView<Message>) throws(Failure) -> Void
    ) throws(Failure) {
        for index in 0..<count { try body(self[index]) }
    }
}

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
    /// - Throws: ``/ZCSBE/SBEError`` when the message does not fit, or what the closure throws.
    @discardableResult
    @inlinable
    public func send<Message: SBEMessage>(
        _ type: Message.Type, capacity: Int = 0, conflatingKey: UInt64? = nil,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) throws -> SendResult {
        try Message.withEncoded(capacity: capacity, body) { message in
            if let conflatingKey { return send(binary: message, conflatingKey: conflatingKey) }
            return send(binary: message)
        }
    }
}

extension SBEMessage {
    /// Takes the message at `position` of a frame.
    ///
    /// - Throws: ``GatewayError`` when there is no whole message, or one of a version that is not wanted.
    @_lifetime(copy frame)
    @inlinable @inline(__always)
    static func taken(
        from frame: RawSpan, at position: Int, _ versions: ClosedRange<Int>
    ) throws(GatewayError) -> SBEView<Self> {
        let message: SBEView<Self>
        do { message = try decode(frame, from: position) } catch {
            throw GatewayError(error, at: position)
        }
        let version = message.actingVersion
        guard versions.contains(version) else {
            throw GatewayError(version: version, expected: versions, of: name, at: position)
        }
        return message
    }

    /// Encodes a message on the stack and lends it.
    ///
    /// - Parameter capacity: the most bytes that groups and data may take beside header and fields.
    @inlinable
    static func withEncoded<Result>(
        capacity: Int, _ body: (consuming SBEEncoder<Self, FirstPart>) throws -> SBEWritten<Self>,
        _ use: (RawSpan) throws -> Result
    ) throws -> Result {
        let size = Schema.header.size + blockLength + max(capacity, 0)
        return try unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { memory in
            unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
            // SAFETY: initialised above, and ours until the closure returns.
            var bytes = unsafe MutableRawSpan(_unsafeBytes: memory)
            let count = try encode(into: &bytes, body)
            return try use(bytes.bytes.extracting(0..<count))
        }
    }

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
    /// - Throws: ``/ZCSBE/SBEError``, `WriteBufferError` at the buffer's limit, or what the closure throws.
    ///   Nothing is appended then.
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
