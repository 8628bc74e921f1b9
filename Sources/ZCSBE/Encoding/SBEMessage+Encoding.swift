extension SBEMessage {
    /// Writes a message to a buffer: its header, then what the closure says.
    ///
    /// ```swift
    /// var memory = [UInt8](repeating: 0, count: 64)
    /// var bytes = memory.mutableSpan.mutableBytes
    /// let count = try Trade.encode(into: &bytes) { trade in
    ///     trade.price = 100.5
    ///     return trade.finish()
    /// }
    /// ```
    /// - Parameter position: where the message begins; bytes before it are not touched.
    /// - Precondition: `position` is one of `0...bytes.byteCount`.
    /// - Returns: the message's length.
    /// - Throws: ``SBEError``, or what the closure throws. What is from `position` on is undefined then.
    @inlinable @inline(__always)
    public static func encode(
        into bytes: inout MutableRawSpan, from position: Int = 0,
        _ body: (consuming SBEEncoder<Self, FirstPart>) throws -> SBEWritten<Self>
    ) throws -> Int {
        let capacity = bytes.byteCount &- position
        precondition(position >= 0 && capacity >= 0, "outside of the buffer")
        return try unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else {
                throw SBEError(.noRoom, at: name, expected: Schema.header.size &+ blockLength, got: 0)
            }
            // SAFETY: the buffer is ours alone until the closure returns, and the encoder does not outlive
            // it; `position` lies within.
            let end = try body(unsafe begin(start + position, capacity)).end
            precondition(end >= Schema.header.size && end <= capacity, "the end of another message")
            return end
        }
    }

    /// Writes the header, and begins the block.
    @_lifetime(immortal)
    @inlinable @inline(__always)
    @unsafe
    static func begin(
        _ start: UnsafeMutableRawPointer, _ capacity: Int
    ) throws(SBEError) -> SBEEncoder<Self, FirstPart> {
        let header = Schema.header
        guard header.size <= capacity else {
            throw SBEError(.noRoom, at: name, expected: header.size &+ blockLength, got: capacity)
        }
        // SAFETY: there is room for the header.
        unsafe SBEWireWriter<Schema>.zero(start, header.size)
        unsafe SBEWireWriter<Schema>.store(blockLength, header.blockLength, in: start)
        unsafe SBEWireWriter<Schema>.store(templateID, header.templateID, in: start)
        unsafe SBEWireWriter<Schema>.store(Schema.id, header.schemaID, in: start)
        unsafe SBEWireWriter<Schema>.store(Schema.version, header.version, in: start)
        let parts = (
            groups: FirstPart._Rules._groups(Schema.version), data: FirstPart._Rules._data(Schema.version)
        )
        if let groups = header.groups { unsafe SBEWireWriter<Schema>.store(parts.groups, groups, in: start) }
        if let data = header.data { unsafe SBEWireWriter<Schema>.store(parts.data, data, in: start) }
        return try unsafe SBEEncoder(blockIn: start, capacity: capacity, start: header.size)
    }
}
