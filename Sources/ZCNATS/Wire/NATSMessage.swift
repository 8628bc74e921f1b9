public import ZCNet

/// A message of a subscription, lent to its handler.
///
/// ```swift
/// try client.subscribe("orders.>") { message, connection in
///     connection.publish("seen", message.payload.bytes)
/// }
/// ```
/// **Ownership.** The bytes belong to the loop, until the callback ends; the compiler refuses to let them
/// out. Keep ``copy()``, or the payload's own `retain()`. **Threads.** The loop's. **Cost.** Nothing is
/// allocated or copied before it is asked for.
@safe
public struct NATSMessage: ~Copyable, ~Escapable {
    /// What was sent, without its headers.
    public let payload: ReceivedChunk
    /// What it was published to, as bytes.
    public let subjectBytes: RawSpan
    /// Where an answer is wanted, as bytes; empty where none is.
    public let replyBytes: RawSpan
    /// The block of headers as it came; empty where there is none.
    let headerBytes: RawSpan

    @_lifetime(copy data)
    init(_ frame: NATSFrame, in data: borrowing ReceivedChunk) {
        payload = data.extracting(frame.payload)
        subjectBytes = data.bytes.extracting(frame.subject)
        replyBytes = data.bytes.extracting(frame.reply)
        headerBytes = data.bytes.extracting(frame.headers)
    }

    /// What it was published to. Copies.
    public var subject: String { subjectBytes.text }

    /// Where an answer is wanted; nil where none is, or where it is no subject. Copies.
    public var reply: NATSSubject? {
        replyBytes.byteCount == 0 ? nil : try? NATSSubject(copying: replyBytes)
    }

    /// The payload as text; what is no UTF-8 is replaced. Copies.
    public var text: String { payload.bytes.text }

    /// Its headers, lent as the message is.
    public var headers: NATSHeaderView {
        @_lifetime(copy self)
        get { NATSHeaderView(headerBytes) }
    }

    /// The code of a server's status, such as 503; nil for what others have sent.
    public var status: Int? { headerBytes.byteCount == 0 ? nil : HeaderBlock.status(of: headerBytes) }

    /// The message in memory of its own. O(n), allocates.
    public func copy() -> NATSReply {
        NATSReply(
            subject: subject, reply: reply, headers: NATSHeaders(copying: headerBytes),
            payload: payload.copy())
    }
}

/// A message in memory of its own: the answer to a request, or what was kept of a subscription.
public struct NATSReply: Sendable {
    /// What it was published to.
    public let subject: String
    /// Where an answer is wanted.
    public let reply: NATSSubject?
    /// Its headers; empty for none.
    public let headers: NATSHeaders
    /// What was sent, without its headers.
    public let payload: SharedBytes

    /// The payload as text; what is no UTF-8 is replaced.
    public var text: String { payload.bytes.text }
}
