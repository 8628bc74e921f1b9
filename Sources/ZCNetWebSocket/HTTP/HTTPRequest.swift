public import ZCNet

/// A whole request: its head, its body, and what its path says.
///
/// ```swift
/// routes.on("POST", "/rooms/{room}/notes") { request in
///     let note = try request.json()
///     try await store.add(note["text"]?.string ?? "", to: request.parameters["room", default: ""])
///     return HTTPResponse(status: 201)
/// }
/// ```
/// **Ownership.** Values that may be kept and sent to other threads. What a request takes counts towards the
/// memory of the loop that received it until the last copy of it is gone, also where its client has left.
public struct HTTPRequest: Sendable {
    /// Method, path, header fields, and who asks.
    public let head: HTTPRequestHead
    /// What came behind the head; empty where nothing did, and for streamed bodies.
    public let body: SharedBytes
    /// Keeps the memory in the loop's books.
    let hold: RequestHold?

    /// A request made up, for tests of what answers requests.
    public init(
        method: String = "GET", target: String, headers: HTTPHeaders = HTTPHeaders(),
        body: SharedBytes = SharedBytes(), parameters: [String: String] = [:]
    ) {
        var head = HTTPRequestHead(method: method, target: target, headers: headers)
        head.parameters = parameters
        self.init(head, body: body, hold: nil)
    }

    init(_ head: HTTPRequestHead, body: SharedBytes, hold: RequestHold?) {
        self.head = head
        self.body = body
        self.hold = hold
    }

    /// The method, such as `GET`.
    public var method: String { head.method }
    /// The path as it was sent, without the query.
    public var path: String { head.path }
    /// What the names in the route's path stand for, without their escapes.
    public var parameters: [String: String] { head.parameters }
    /// The header fields of the request.
    public var headers: HTTPHeaders { head.headers }
    /// The client's real address; see ``HTTPRequestHead/remoteAddress``.
    public var remoteAddress: SocketAddress { head.remoteAddress }

    /// The body as text; nil where it is no UTF-8. O(n).
    public var text: String? { body.bytes.validText }

    /// The body as JSON, whatever its type is said to be.
    ///
    /// - Throws: an ``HTTPError`` of status 400, which a handler may let through: it becomes the answer.
    public func json() throws(HTTPError) -> JSONValue { try JSONValue(parsing: body.bytes) }

    /// The first value that the body has for a name, as forms send it in `application/x-www-form-urlencoded`;
    /// nil when there is none, or when an escape in it is broken. O(n).
    public func formValue(of name: String) -> String? {
        text.flatMap { HTTPRequestHead.value(of: name, in: $0) }
    }
}

/// What a request takes of its loop's memory, for as long as anybody has it. Any thread.
final class RequestHold: Sendable {
    private let account: QueueMemory.Account
    private let bytes: Int

    init(_ account: QueueMemory.Account, _ bytes: Int) {
        self.account = account
        self.bytes = bytes
        account.add(bytes)
    }

    deinit { account.add(-bytes) }

    /// What a task takes that answers a request, beside the request: its own memory, as the runtime allocates
    /// it, and the objects here that it is known by.
    static let taskBytes = 2048
}
