public import ZCNet

/// The protos in the body of a raw one (op 9), one after the other.
///
/// ```swift
/// var batch = GoimBatch(proto.body)
/// while let inner = try batch.next() { handle(inner) }
/// ```
/// On a TCP connection a batch has no proto around it: its protos stand in the stream like any others. On
/// WebSocket it is the body of a proto of its own.
@frozen
public struct GoimBatch: ~Copyable, ~Escapable {
    @usableFromInline let bytes: ReceivedChunk
    @usableFromInline let decoder: GoimDecoder
    @usableFromInline var position = 0

    /// The protos in `body`.
    @_lifetime(copy body)
    @inlinable
    public init(_ body: borrowing ReceivedChunk, _ decoder: GoimDecoder = GoimDecoder()) {
        bytes = body.extracting(0..<body.count)
        self.decoder = decoder
    }

    /// The next one; nil behind the last.
    ///
    /// - Throws: ``GoimError`` where the body is not a row of whole protos.
    @_lifetime(copy self)
    @inlinable
    public mutating func next() throws(GoimError) -> GoimProto? {
        if position == bytes.count { return nil }
        if let proto = try decoder.next(in: bytes, at: &position) { return proto }
        throw cut
    }

    @usableFromInline
    var cut: GoimError {
        GoimError(
            .batch, expected: "a row of whole protos", got: "\(bytes.count - position) bytes of another")
    }
}

extension GoimMessage {
    /// The protos of a batch, one behind the other, with the headers of a format, and how many they are; nil
    /// when the body is anything but a row of whole protos, or has a batch in it.
    ///
    /// Why looked at: in a stream a batch has no header of its own, so that bytes which are no protos would
    /// break whatever is sent behind them. O(n); copied only where the batch has another format.
    func row(in format: GoimHeaderFormat) -> (bytes: SharedBytes, count: Int)? {
        if body.isEmpty { return (body, 0) }
        guard let own = try? GoimFrame.format(of: body.bytes) else { return nil }
        var frames: [GoimFrame] = []
        var position = 0
        while position < body.count {
            let frame = GoimFrame.read(body.bytes, at: position, own, bodyBytesMax: body.count)
            guard let frame, frame.header.operation != .raw else { return nil }
            frames.append(frame)
            position = frame.end
        }
        if own == format { return (body, frames.count) }
        let batch = frames.map { frame in
            GoimMessage(frame.header, body: body.slice(frame.bodyStart..<frame.end))
        }
        return (GoimMessage(batching: batch, format).body, frames.count)
    }
}
