public import ZCNet

/// A client's wish to begin a conversation, which keeps the rules of RFC 6455 4.2.1 and comes from a page
/// that may ask.
///
/// **Ownership.** All of it is copies: a request may be kept and sent to other threads.
public struct UpgradeRequest: Hashable, Sendable {
    /// Method, target and header fields as the client sent them.
    public package(set) var head: HTTPRequestHead
    /// The subprotocols that the client would speak, best first, each once.
    public let subprotocols: [String]
    /// The extensions that the client offers, best first.
    public let extensions: [ExtensionOffer]
    /// What the answer has to prove known.
    package let key: WebSocketKey

    package init(
        head: HTTPRequestHead, key: WebSocketKey, subprotocols: [String] = [],
        extensions: [ExtensionOffer] = []
    ) {
        self.head = head
        self.key = key
        self.subprotocols = subprotocols
        self.extensions = extensions
    }

    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``.
    public var remoteAddress: SocketAddress { head.remoteAddress }
    /// Who is at the other end of the TCP connection: the client, or the last proxy.
    public var peerAddress: SocketAddress { head.peerAddress }
    /// The request's path as it was sent, without the query.
    public var path: String { head.path }
    /// The request's query as it was sent, if there is one.
    public var query: String? { head.query }
    /// The header fields of the request.
    public var headers: HTTPHeaders { head.headers }
    /// Whom the request is for, such as `example.org:8080`.
    public var host: String? { head.host }
    /// Where the page comes from that a browser connects for; nil for other clients.
    public var origin: String? { head.headers[.origin] }

    /// The first of the server's subprotocols, best first, that the client offers; nil when there is none.
    public func firstSubprotocol(of preferred: [String]) -> String? {
        if subprotocols.isEmpty || preferred.isEmpty { return nil }
        let offered = Set(subprotocols)
        return preferred.first { offered.contains($0) }
    }
}

/// What a server makes of an upgrade request.
public enum UpgradeDecision: Hashable, Sendable {
    /// The conversation begins.
    ///
    /// - Parameters:
    ///   - subprotocol: one of those that the client offers; nil takes the route's choice.
    ///   - headers: what to add to the response; fields of the handshake itself are not allowed.
    ///   - carrying: what the decision found out, for `onOpen`; see ``accept(subprotocol:headers:context:)``.
    case accept(
        subprotocol: String? = nil, headers: HTTPHeaders = HTTPHeaders(), carrying: UpgradeContext? = nil)
    /// The client is told why not.
    case reject(HTTPResponse)

    /// The conversation begins, and `onOpen` is given what the decision found out: who the client is, say.
    ///
    /// ```swift
    /// let policy = UpgradePolicy.asynchronous { request in
    ///     let user = await accounts.user(of: request.headers["Cookie"])
    ///     return user.map { .accept(context: $0) } ?? .reject(status: 401)
    /// }
    /// // …
    /// mutating func onOpen(_ peer: inout WebSocketConnection<User?>, _ upgrade: WebSocketUpgrade) {
    ///     peer.state = upgrade.context(as: User.self)
    /// }
    /// ```
    public static func accept(
        subprotocol: String? = nil, headers: HTTPHeaders = HTTPHeaders(), context: some Sendable
    ) -> UpgradeDecision {
        .accept(subprotocol: subprotocol, headers: headers, carrying: UpgradeContext(context))
    }

    /// The client is told why not, in plain text.
    ///
    /// - Precondition: the status is 200 to 599.
    public static func reject(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), text: String = ""
    ) -> UpgradeDecision {
        var response = HTTPResponse(status: status, text: text)
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return .reject(response)
    }
}

/// What a decision found out about a client, on its way to `onOpen`. Equal to itself alone.
public final class UpgradeContext: Hashable, Sendable {
    /// What was found out.
    public let value: any Sendable

    /// Takes a value along.
    public init(_ value: some Sendable) { self.value = value }

    /// Whether both are the same object.
    public static func == (left: UpgradeContext, right: UpgradeContext) -> Bool { left === right }

    /// Feeds the object's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What a conversation began with, given to `onOpen`.
public struct WebSocketUpgrade: Sendable {
    /// What the client asked for.
    public let request: UpgradeRequest
    /// The subprotocol that was agreed on, if any.
    public let subprotocol: String?
    /// Whether messages may be compressed.
    public let isCompressed: Bool
    /// The server's answer, with the header fields that it set; nil at a server.
    public let response: HTTPResponseHead?
    let context: UpgradeContext?

    init(
        request: UpgradeRequest, subprotocol: String?, isCompressed: Bool, response: HTTPResponseHead? = nil,
        context: UpgradeContext? = nil
    ) {
        self.request = request
        self.subprotocol = subprotocol
        self.isCompressed = isCompressed
        self.response = response
        self.context = context
    }

    /// What the decision to let the client in found out; nil where it said nothing, or something of another
    /// type.
    public func context<Value: Sendable>(as type: Value.Type = Value.self) -> Value? {
        context?.value as? Value
    }

    /// The client's real address: what the trusted proxies in between tell, else ``peerAddress``. The port is
    /// 0 where a proxy tells none. At a client its own.
    public var remoteAddress: SocketAddress { request.remoteAddress }
    /// Who is at the other end of the TCP connection: the client, or the last proxy. At a client its own.
    public var peerAddress: SocketAddress { request.peerAddress }
    /// What secures the connection to whoever is at its other end; nil in the clear.
    public var security: NegotiatedSecurity? { request.head.security }
}
