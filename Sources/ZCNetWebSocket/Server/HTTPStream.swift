public import ZCNet

/// Where the body of a response comes from that is made while it is sent.
struct StreamBody: Sendable {
    /// What is sent while the stream has nothing to say; nil sends nothing.
    var idleText: String?
    let write: @Sendable (HTTPBodyWriter) async throws -> Void
}

extension HTTPResponse {
    /// An answer whose body is made while it is sent, by a task of its own on the connection's loop.
    ///
    /// ```swift
    /// routes.on("GET", "/export") { request in
    ///     HTTPResponse(type: "text/csv") { body in
    ///         for try await row in store.rows() { try await body.send(row.line) }
    ///     }
    /// }
    /// ```
    /// `streaming` ends the body by returning. Where it throws, the connection is reset, so that the client
    /// does not take a part for the whole. It is not run for HEAD requests. A client that takes nothing of
    /// what waits for it for `requests.keepAliveTimeout` is reset, and the task of a client that leaves is
    /// cancelled.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(
        status: Int = 200, headers: HTTPHeaders = HTTPHeaders(), type: String = "application/octet-stream",
        streaming: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) {
        self.init(status: status, headers: headers)
        if !headers.contains("Content-Type") { self.headers.set("Content-Type", to: type) }
        source = HTTPBodySource(byteCount: nil, StreamBody(write: streaming))
    }

    /// An answer of server-sent events, as a page's `EventSource` takes them.
    ///
    /// ```swift
    /// routes.on("GET", "/prices") { request in
    ///     .events { events in
    ///         for await price in prices.changes() { try await events.send("\(price)", event: "price") }
    ///     }
    /// }
    /// ```
    /// While there is nothing to say, a comment goes out each `requests.keepAliveTimeout`, so that proxies
    /// keep the connection and a client that is gone is found out. Otherwise as
    /// ``init(status:headers:type:streaming:)``. `EventSource` connects again by itself, with the last id in
    /// the header field `Last-Event-ID`.
    public static func events(
        headers: HTTPHeaders = HTTPHeaders(),
        _ send: @escaping @Sendable (HTTPEventWriter) async throws -> Void
    ) -> HTTPResponse {
        var response = HTTPResponse(status: 200, headers: headers)
        response.headers.set("Content-Type", to: "text/event-stream")
        if !headers.contains("Cache-Control") { response.headers.set("Cache-Control", to: "no-store") }
        let stream = StreamBody(idleText: ":\n\n") { body in
            try await send(HTTPEventWriter(body.running, isChunked: body.isChunked))
        }
        response.source = HTTPBodySource(byteCount: nil, stream)
        return response
    }
}

/// The body of a response while it is made, as the task has it that makes it.
///
/// **Ownership.** Lent to its task, on the connection's loop: the compiler refuses to let it out.
@safe
public struct HTTPBodyWriter: ~Escapable {
    let running: RunningAnswer
    let isChunked: Bool

    // SAFETY: lent by the task's scope, which keeps what it refers to for its own length.
    @_lifetime(immortal)
    init(_ running: RunningAnswer, isChunked: Bool) {
        self.running = running
        self.isChunked = isChunked
    }

    /// Sends bytes, and waits while the client has more than enough to take. Nothing for no bytes.
    ///
    /// - Throws: `LinkError` when the client is gone, or for more at once than may wait;
    ///   `CancellationError`.
    public nonisolated(nonsending) func send(_ bytes: [UInt8]) async throws {
        let link = running.link
        link.enter()
        if bytes.isEmpty { return }
        try link.checkCancellation()
        if link.isOver { throw LinkError.closed("one that has ended") }
        let framed = isChunked ? Self.chunk(bytes) : bytes
        func attempt() throws -> Bool {
            switch link.base.send(framed.span.rawBytes) {
            case .sent, .queued: return true
            case .full: return false
            case .tooLarge:
                throw LinkError(
                    .tooLarge, expected: "no more at once than may wait", got: "\(framed.count) bytes")
            case .closed: throw LinkError.closed("one that is closing")
            }
        }
        try await link.waitForRoom(isAccepted: try attempt(), within: nil, attempt)
    }

    /// Sends text as UTF-8; as ``send(_:)`` of bytes.
    public nonisolated(nonsending) func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends shared bytes; as ``send(_:)`` of bytes.
    public nonisolated(nonsending) func send(_ bytes: SharedBytes) async throws {
        try await send(bytes.bytes.array)
    }

    /// The form of RFC 9112, 7.1.
    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10]
    }
}

/// Server-sent events, as the task has them that sends them; lent like ``HTTPBodyWriter``.
@safe
public struct HTTPEventWriter: ~Escapable {
    private let body: HTTPBodyWriter

    // SAFETY: as for `HTTPBodyWriter`.
    @_lifetime(immortal)
    init(_ running: RunningAnswer, isChunked: Bool) {
        body = HTTPBodyWriter(running, isChunked: isChunked)
    }

    /// Sends one event, and waits while the client has more than enough to take.
    ///
    /// - Parameters:
    ///   - data: what the page is given; it may have several lines.
    ///   - event: the kind of event that the page listens for; nil is `message`. One line.
    ///   - id: what the client tells when it connects again. One line.
    ///   - retry: how long the client waits before it does.
    /// - Throws: `LinkError` when the client is gone; ``HTTPError`` where `event` or `id` has more than one
    ///   line; `CancellationError`.
    public nonisolated(nonsending) func send(
        _ data: String, event: String? = nil, id: String? = nil, retry: Duration? = nil
    ) async throws {
        try await body.send(try Self.text(data, event: event, id: id, retry: retry))
    }

    /// An event as the stream has it. WHATWG HTML, 9.2.5.
    static func text(
        _ data: String, event: String?, id: String?, retry: Duration?
    ) throws(HTTPError) -> String {
        var text = ""
        for (name, value) in [("event", event), ("id", id)] {
            guard let value else { continue }
            guard !value.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else {
                throw HTTPError(
                    500, expected: "an event's \(name) of one line", got: HTTPCharacters.quoted(value))
            }
            text += "\(name): \(value)\n"
        }
        if let retry { text += "retry: \(max(0, retry.components.seconds * 1000))\n" }
        // A line may end with CR LF, LF or CR: a client would take what follows for a field.
        var line: [UInt8] = []
        var last: UInt8 = 0
        func end() { text += "data: " + String(decoding: line, as: UTF8.self) + "\n" }
        for byte in data.utf8 {
            switch byte {
            case 10 where last == 13: break
            case 10, 13:
                end()
                line.removeAll(keepingCapacity: true)
            default: line.append(byte)
            }
            last = byte
        }
        end()
        return text + "\n"
    }
}
