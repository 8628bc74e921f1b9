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
        GoimError(.batch, "expected a row of whole protos, got \(bytes.count - position) bytes of another")
    }
}
