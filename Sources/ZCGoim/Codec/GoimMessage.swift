public import ZCNet

/// A proto that owns its body: what is pushed, and what may be kept.
///
/// ```swift
/// let quote = GoimMessage(GoimOperation(rawValue: 1000), "EURUSD 1.0831")
/// server.hub.push(quote, toRoom: "fx://majors")
/// ```
public struct GoimMessage: Hashable, Sendable {
    /// What stands in front of the body.
    public var header: GoimHeader
    /// The body, whatever the operation makes of it.
    public var body: SharedBytes

    /// A message with a header of its own.
    public init(_ header: GoimHeader, body: SharedBytes) {
        self.header = header
        self.body = body
    }

    /// A message of bytes.
    public init(_ operation: GoimOperation, _ body: SharedBytes) {
        self.init(GoimHeader(operation), body: body)
    }

    /// A message of text.
    public init(_ operation: GoimOperation, _ text: String) {
        self.init(operation, SharedBytes(text.utf8))
    }

    /// A batch (op 9): messages one behind the other, in one proto.
    ///
    /// - Parameter format: the header that the messages get; a push gives each connection its own.
    public init(batching messages: some Sequence<GoimMessage>, _ format: GoimHeaderFormat = .plain) {
        let protos = messages.map { $0.encoded(format) }
        self.init(
            .raw,
            SharedBytes(count: protos.reduce(0) { $0 + $1.count }) { output in
                for proto in protos { output.append(proto.bytes) }
            })
    }

    /// Keeps a proto that was received.
    public init(retaining proto: borrowing GoimProto) {
        self.init(proto.header, body: proto.retain())
    }

    /// What the receiver is to do with the body, such as a push or a heartbeat.
    public var operation: GoimOperation { header.operation }

    /// The body as text, repaired where it is not UTF-8.
    public var text: String {
        body.bytes.text
    }

    /// The proto as it stands in a TCP stream, in memory of its own. O(n), one allocation.
    public func encoded(_ format: GoimHeaderFormat = .plain) -> SharedBytes {
        SharedBytes(count: format.headerBytes + body.count) { output in
            output.append(header, bodyBytes: body.count, format)
            output.append(body.bytes)
        }
    }
}

extension OutputRawSpan {
    /// Appends a proto's header; there must be room.
    @_lifetime(self: copy self)
    mutating func append(_ header: GoimHeader, bodyBytes: Int, _ format: GoimHeaderFormat) {
        append(bigEndian: Int32(format.headerBytes + bodyBytes))
        append(bigEndian: Int16(format.headerBytes))
        append(bigEndian: header.version)
        append(bigEndian: header.operation.rawValue)
        append(bigEndian: header.sequence)
        if format == .extended {
            append(bigEndian: header.roomID)
            append(bigEndian: header.userID)
        }
    }
}

extension WriteBuffer {
    /// Appends a proto.
    ///
    /// - Throws: ``/ZCNet/WriteBufferError`` when it does not fit; nothing is written then.
    public mutating func append(
        _ header: GoimHeader, body: RawSpan, _ format: GoimHeaderFormat = .plain
    ) throws(WriteBufferError) {
        try ensureRoom(for: format.headerBytes + body.byteCount)
        try append(header, bodyBytes: body.byteCount, format)
        try append(body)
    }

    /// Appends the header of a proto whose body of so many bytes is to follow.
    ///
    /// - Throws: ``/ZCNet/WriteBufferError`` when the header does not fit; nothing is written then.
    /// - Precondition: `bodyBytes` is not negative, and at most what a packLen can say.
    public mutating func append(
        _ header: GoimHeader, bodyBytes: Int, _ format: GoimHeaderFormat = .plain
    ) throws(WriteBufferError) {
        precondition(
            bodyBytes >= 0 && bodyBytes <= Int(Int32.max) - format.headerBytes,
            "a body of \(bodyBytes) bytes has no packLen")
        try ensureRoom(for: format.headerBytes)
        try append(Int32(format.headerBytes + bodyBytes), .bigEndian)
        try append(Int16(format.headerBytes), .bigEndian)
        try append(header.version, .bigEndian)
        try append(header.operation.rawValue, .bigEndian)
        try append(header.sequence, .bigEndian)
        if format == .extended {
            try append(header.roomID, .bigEndian)
            try append(header.userID, .bigEndian)
        }
    }
}
