public import ZCNet
public import ZCNetWebSocket
public import ZCSBE

/// A connection of SBE messages as straight-line code has it: a `WebSocketLink` that knows the schema.
///
/// ```swift
/// let server = try SBEServer(on: "127.0.0.1:9001", schema: CarSchema.self) { link in
///     while let seats = try await link.receive({ frame in try frame.next(Car.self).seats }) {
///         try await link.send(Ticket.self) { $0.seats = seats; return $0.finish() }
///     }
/// }
/// try await server.serve()
/// ```
/// A client has the same by `WebSocketLinkClient/withLink(to:schema:headers:onLoop:_:)`.
///
/// **Faults.** What a frame should not be is thrown where it is met, as a ``GatewayError``. A body that does
/// not catch it closes the connection with that error's code: 1003 or 1007. One that does goes on with the
/// next frame.
///
/// **Ownership, cancellation, backpressure.** Those of the link underneath, which is ``webSocket``.
@safe @frozen
public struct SBELink<Schema: SBESchema>: ~Escapable {
    /// The link underneath: deadlines, pauses, closing, its remote handle.
    public let webSocket: WebSocketLink
    @usableFromInline let versions: ClosedRange<Int>
    @usableFromInline let figures: GatewayFigures.Block?

    /// Reads and writes messages of a schema on a link.
    ///
    /// - Parameter versions: those of the schema that are taken; see ``GatewayOptions/versions``.
    @_lifetime(copy link)
    public init(_ link: WebSocketLink, schema: Schema.Type, versions: ClosedRange<Int> = 0...Int.max) {
        self.init(link, versions, nil)
    }

    @_lifetime(copy link)
    @usableFromInline
    init(_ link: WebSocketLink, _ versions: ClosedRange<Int>, _ figures: GatewayFigures.Block?) {
        webSocket = link
        self.versions = versions
        self.figures = figures
    }
}

extension SBELink {
    // MARK: Receiving

    /// Waits for a frame, and lends it to `body`, which takes its messages and cannot wait meanwhile. Nil:
    /// the peer has closed, or the server shuts down. What the body leaves of the frame is dropped.
    ///
    /// - Throws: ``GatewayError`` for a frame that is none of the schema's; otherwise as
    ///   `WebSocketLink/receive(within:_:)`.
    public nonisolated(nonsending) func receive<Result>(
        within limit: Duration? = nil, _ body: (inout SBEFrame<Schema>) throws -> Result
    ) async throws -> Result? {
        let (versions, figures) = (versions, figures)
        return try await webSocket.receive(within: limit) { message in
            try Self.lend(message, versions, figures, body)
        }
    }

    /// Calls `body` for every frame until it answers `.stop`, or until nothing more comes: the task sleeps,
    /// and the loop calls, at a handler's price.
    public nonisolated(nonsending) func forEach(
        _ body: (inout SBEFrame<Schema>) throws -> LinkStep
    ) async throws {
        let (versions, figures) = (versions, figures)
        try await webSocket.forEach { message in try Self.lend(message, versions, figures, body) }
    }

    private static func lend<Result>(
        _ message: LinkMessage, _ versions: ClosedRange<Int>, _ figures: GatewayFigures.Block?,
        _ body: (inout SBEFrame<Schema>) throws -> Result
    ) throws -> Result {
        do {
            if message.isText { throw GatewayError(textOf: message.count) }
            var frame = SBEFrame<Schema>(message.bytes, versions)
            // An empty frame is no whole number of messages.
            if frame.isAtEnd { _ = try frame.headerTemplate() }
            let result = try body(&frame)
            figures?.didDeliver(frame.count)
            return result
        } catch let error as GatewayError {
            figures?.didFail()
            throw error
        }
    }

    // MARK: Sending

    /// Sends one message now or not at all. Encodes on the stack; nothing is allocated where it is short.
    ///
    /// - Parameter capacity: the most bytes that groups and data may take beside header and fields.
    /// - Throws: `SBEError` when the message does not fit, or what the closure throws.
    @discardableResult
    @inlinable
    public func trySend<Message: SBEMessage>(
        _ type: Message.Type, capacity: Int = 0,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) throws -> SendResult where Message.Schema == Schema {
        let link = webSocket
        return try Message.withEncoded(capacity: capacity, body) { link.trySend(binary: $0) }
    }

    /// Sends one message, and returns when there is room for another; see
    /// `WebSocketLink/send(binary:within:)`.
    ///
    /// - Throws: `SBEError` when the message does not fit, or what the closure throws; otherwise only for a
    ///   message that was not accepted.
    @inlinable
    public nonisolated(nonsending) func send<Message: SBEMessage>(
        _ type: Message.Type, capacity: Int = 0, within limit: Duration? = nil,
        _ body: (consuming SBEEncoder<Message, Message.FirstPart>) throws -> SBEWritten<Message>
    ) async throws where Message.Schema == Schema {
        let message = try Message.withEncoded(capacity: capacity, body) { SharedBytes(copying: $0) }
        try await webSocket.send(binary: message, within: limit)
    }
}

extension SBELink {
    // MARK: Beside it

    /// Receives and sends at once: two activities, each lent the link, both on its loop. See
    /// `WebSocketLink/both(receiving:sending:)`.
    public nonisolated(nonsending) func both(
        receiving: @escaping @Sendable (SBELink) async throws -> Void,
        sending: @escaping @Sendable (SBELink) async throws -> Void
    ) async throws where Schema: SendableMetatype {
        let (versions, figures) = (versions, figures)
        try await webSocket.both { link in
            try await receiving(SBELink(link, versions, figures))
        } sending: { link in
            try await sending(SBELink(link, versions, figures))
        }
    }

    /// Lets so much time pass, by the loop's timers. Returns earlier when the connection ends.
    public nonisolated(nonsending) func pause(_ duration: Duration) async throws {
        try await webSocket.pause(duration)
    }
}

/// A frame of messages of one schema, lent to a body of a link: takes them one after the other, in place.
///
/// ```swift
/// try await link.forEach { frame in
///     while let template = try frame.template {
///         switch template {
///         case Car.templateID: try garage.park(frame.next(Car.self))
///         case Truck.templateID: try garage.park(frame.next(Truck.self))
///         default: throw frame.unexpected(template)
///         }
///     }
///     return .next
/// }
/// ```
/// **Ownership.** Borrows the frame's bytes, as its messages do; the compiler lets none out of the body. To
/// keep a message, copy it: `Car.Value(try frame.next(Car.self))`.
@safe @frozen
public struct SBEFrame<Schema: SBESchema>: ~Escapable {
    /// The whole frame. Valid as long as this.
    public let bytes: RawSpan
    @usableFromInline let versions: ClosedRange<Int>
    @usableFromInline var position = 0
    @usableFromInline var taken = 0

    @_lifetime(copy bytes)
    @usableFromInline
    init(_ bytes: RawSpan, _ versions: ClosedRange<Int>) {
        self.bytes = bytes
        self.versions = versions
    }
}

extension SBEFrame {
    /// How many messages were taken.
    public var count: Int { taken }

    /// Whether all messages were taken.
    public var isAtEnd: Bool { position == bytes.byteCount }

    /// Which message comes next; nil behind the last.
    public var template: Int? {
        get throws(GatewayError) { try isAtEnd ? nil : headerTemplate() }
    }

    func headerTemplate() throws(GatewayError) -> Int {
        var fault: GatewayError?
        let rest = bytes.extracting(position..<bytes.byteCount)
        if let template = Schema.template(of: rest, at: position, &fault) { return template }
        guard let fault else { preconditionFailure("a header without a template has a fault") }
        throw fault
    }

    /// Takes the next message, which has to be of this type.
    ///
    /// - Throws: ``GatewayError`` where it is another, none, or contradicts the schema; it is not taken then.
    @_lifetime(copy self)
    @inlinable
    public mutating func next<Message: SBEMessage>(
        _ type: Message.Type
    ) throws(GatewayError) -> SBEView<Message> where Message.Schema == Schema {
        let message = try Message.taken(from: bytes, at: position, versions)
        position &+= Schema.header.size &+ message.encodedLength
        taken &+= 1
        return message
    }

    /// What is to be thrown for a message that the body does not serve.
    ///
    /// - Parameter served: the templates that it does serve, for the error's text.
    public func unexpected(_ template: Int, served: [Int] = []) -> GatewayError {
        GatewayError(template: template, expected: served, at: position)
    }
}

extension GatewayError: WebSocketClosingError {
    /// What was expected and what came, cut to what a close frame holds.
    public var closeReason: String { description }
}
