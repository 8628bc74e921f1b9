public import ZCNet

/// Takes protos out of bytes. Pure: no loop, no memory of its own.
///
/// ```swift
/// let decoder = GoimDecoder()
/// func onBytes(_ bytes: borrowing ReceivedChunk) throws(GoimError) -> Int {
///     var position = 0
///     while let proto = try decoder.next(in: bytes, at: &position) { handle(proto) }
///     return bytes.count - position               // the beginning of a proto whose rest has not come yet
/// }
/// ```
/// **Complexity.** O(1) per proto; bodies are not looked at. Never a byte is shown that was not received.
@frozen
public struct GoimDecoder: Hashable, Sendable {
    /// The header that every proto must have.
    public let format: GoimHeaderFormat
    /// The longest body that is accepted.
    public let bodyBytesMax: Int

    /// A decoder for one header format.
    ///
    /// - Precondition: `bodyBytesMax >= 0`.
    @inlinable
    public init(_ format: GoimHeaderFormat = .plain, bodyBytesMax: Int = 4096) {
        precondition(bodyBytesMax >= 0, "a negative limit")
        self.format = format
        self.bodyBytesMax = bodyBytesMax
    }

    /// The next proto of a stream, and moves `position` behind it; nil when no whole one is there.
    ///
    /// - Throws: ``GoimError`` as soon as a length is wrong, even if the rest has not come.
    @_lifetime(copy bytes)
    @inlinable @inline(__always)
    public func next(
        in bytes: borrowing ReceivedChunk, at position: inout Int
    ) throws(GoimError) -> GoimProto? {
        guard
            let frame = GoimFrame.read(bytes.bytes, at: position, format, bodyBytesMax: bodyBytesMax)
        else {
            try check(bytes.bytes, at: position)
            return nil
        }
        position = frame.end
        return GoimProto(frame.header, body: bytes.extracting(frame.bodyStart..<frame.end))
    }

    /// Throws unless what begins at `position` may become a proto. Apart, so that nothing of it is in the way
    /// of those that are whole.
    @usableFromInline @inline(never)
    func check(_ bytes: RawSpan, at position: Int) throws(GoimError) {
        let problem = GoimFrame.problem(bytes, at: position, format, bodyBytesMax: bodyBytesMax)
        if let problem { throw problem }
    }

    /// The one proto that a WebSocket message is.
    ///
    /// - Throws: ``GoimError`` when the bytes are anything but one proto.
    @_lifetime(copy bytes)
    public func whole(_ bytes: borrowing ReceivedChunk) throws(GoimError) -> GoimProto {
        let frame = try GoimFrame.whole(bytes.bytes, format, bodyBytesMax: bodyBytesMax)
        return GoimProto(frame.header, body: bytes.extracting(frame.bodyStart..<frame.end))
    }
}
