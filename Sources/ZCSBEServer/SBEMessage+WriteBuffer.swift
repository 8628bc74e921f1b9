public import ZCNet
public import ZCSBE

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
