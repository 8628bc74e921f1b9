public import ZCNet

/// A proto as it was received: its header, and a view of its body.
///
/// ```swift
/// mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimPeer) {
///     total += proto.body.count
///     kept = proto.retain()               // keeps the bytes; keeping `proto` itself does not compile
/// }
/// ```
/// The body lies where the kernel put it. The compiler lets neither the proto nor its body out of the
/// callback, or, at a consumer, out of the closure that it is lent to.
@frozen
public struct GoimProto: ~Copyable, ~Escapable {
    /// What stands in front of the body.
    public let header: GoimHeader
    /// The body. Valid as long as the proto.
    public let body: ReceivedChunk

    /// A proto over a body that lies elsewhere.
    @_lifetime(copy body)
    @inlinable @inline(__always)
    public init(_ header: GoimHeader, body: consuming ReceivedChunk) {
        self.header = header
        self.body = body
    }

    /// What the receiver is to do with the body, such as a push or a heartbeat.
    @inlinable public var operation: GoimOperation { header.operation }
    /// Whoever asks chose it; the answer has the same.
    @inlinable public var sequence: Int32 { header.sequence }

    /// The body's bytes. Valid as long as the proto.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get { body.bytes }
    }

    /// The body as text, copied and repaired where it is not UTF-8.
    public var text: String {
        body.bytes.text
    }

    /// Keeps the body beyond the callback, without a copy where it lies in a loop's chunk.
    @inlinable
    public func retain() -> SharedBytes { body.retain() }

    /// Copies the body into memory of its own.
    @inlinable
    public func copy() -> SharedBytes { body.copy() }
}

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
