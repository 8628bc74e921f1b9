/// The server's side of the opening handshake: RFC 6455 4.2. Pure functions.
package enum ServerHandshake {
    /// What a request comes to.
    package enum Verdict: Hashable, Sendable {
        /// A plain request, which asks for no conversation.
        case notUpgrade
        /// The request breaks a rule; this is to be answered.
        case refused(HTTPResponse)
        /// The page may not connect; this is to be answered.
        case refusedOrigin(HTTPResponse)
        /// The application may decide.
        case offered(UpgradeRequest)
    }

    /// Whether a request asks for a conversation, in order or not. RFC 9110 7.8: a wish for any other
    /// protocol may be passed over.
    static func asksForConversation(_ head: HTTPRequestHead) -> Bool {
        head.headers.hasToken("websocket", in: .upgrade)
    }

    /// Checks a request against the rules of the handshake.
    package static func check(_ head: HTTPRequestHead, origins: OriginPolicy = .any) -> Verdict {
        guard asksForConversation(head) else { return .notUpgrade }
        if let response = refusal(of: head) { return .refused(response) }
        guard head.headers.count(of: .origin) <= 1 else {
            return .refused(bad("at most one Origin", got: "several"))
        }
        guard origins.admits(head) else {
            return .refusedOrigin(HTTPResponse(status: 403, text: origins.refusal(of: head)))
        }
        let keyCount = head.headers.count(of: .webSocketKey)
        guard keyCount == 1, let line = head.headers.line(.webSocketKey),
            let key = WebSocketKey(head.headers.span(line.value))
        else {
            let only = keyCount == 1 ? head.headers[.webSocketKey] : nil
            let got = only.map { HTTPCharacters.quoted($0) } ?? "\(keyCount) fields"
            return .refused(bad("one Sec-WebSocket-Key of 16 bytes in Base64", got: got))
        }
        do throws(HandshakeError) {
            let request = UpgradeRequest(
                head: head, key: key, subprotocols: try offeredSubprotocols(head.headers),
                extensions: try ExtensionOffer.parse(head.headers.values(of: .webSocketExtensions)))
            return .offered(request)
        } catch {
            return .refused(HTTPResponse(status: 400, text: error.description + "\n"))
        }
    }

    /// RFC 6455 4.2.1: what a request is refused for whoever asks.
    private static func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        guard head.method == "GET" else {
            var response = HTTPResponse(
                status: 405, text: "expected GET, got \(HTTPCharacters.quoted(head.method))\n")
            response.headers.set("Allow", to: "GET")
            return response
        }
        guard head.minorVersion == 1 else { return bad("HTTP/1.1", got: head.version) }
        guard head.headers.hasToken("upgrade", in: .connection) else {
            let got = head.headers[.connection].map { HTTPCharacters.quoted($0) } ?? "none"
            return bad("Connection to name Upgrade", got: got)
        }
        if head.hasBody { return bad("a request without a body", got: "one with") }
        if head.headers.count(of: .webSocketVersion) == 1, let line = head.headers.line(.webSocketVersion),
            HTTPCharacters.isSame(head.headers.span(line.value), "13")
        {
            return nil
        }
        let versions = head.headers.tokens(of: .webSocketVersion)
        guard versions.count <= 1 else {
            return bad("one Sec-WebSocket-Version", got: "\(versions.count)")
        }
        return versions == ["13"] ? nil : upgradeRequired
    }

    /// RFC 6455 4.1, 10: tokens, each of them once.
    private static func offeredSubprotocols(_ headers: HTTPHeaders) throws(HandshakeError) -> [String] {
        if !headers.contains(.webSocketProtocol) { return [] }
        let names = headers.tokens(of: .webSocketProtocol)
        if names.isEmpty {
            throw HandshakeError(.subprotocol, expected: "a name", got: "an empty field")
        }
        var seen: Set<String> = []
        for name in names {
            guard HTTPCharacters.isToken(name) else {
                throw HandshakeError(.subprotocol, expected: "a token", got: HTTPCharacters.quoted(name))
            }
            guard seen.insert(name).inserted else {
                throw HandshakeError(
                    .subprotocol, expected: "each once", got: "\(HTTPCharacters.quoted(name)) twice")
            }
        }
        return names
    }

    private static func bad(_ expected: String, got: String) -> HTTPResponse {
        HTTPResponse(HTTPError(400, expected: expected, got: got))
    }

    /// RFC 6455 4.2.2 and RFC 9110 15.5.22: which protocol and version would do.
    package static var upgradeRequired: HTTPResponse {
        var response = HTTPResponse(status: 426, text: "expected a WebSocket handshake of version 13\n")
        response.headers.set("Sec-WebSocket-Version", to: "13")
        response.headers.set("Upgrade", to: "websocket")
        return response
    }

    // MARK: Answering

    /// The bytes that accept a request: RFC 6455 4.2.2.
    ///
    /// - Parameters:
    ///   - subprotocol: has to be one of those offered.
    ///   - extensions: what was agreed on, as the field has it.
    ///   - headers: the application's; those that belong to the handshake are refused.
    ///   - date: what `Date` says, unless the application's fields have one; nil sends none.
    package static func accept(
        _ request: UpgradeRequest, subprotocol: String? = nil, extensions: String? = nil,
        headers: HTTPHeaders = HTTPHeaders(), date: String? = nil
    ) throws(HandshakeError) -> [UInt8] {
        var answer: [UInt8] = []
        answer.reserveCapacity(256)
        answer += Self.acceptStart.utf8
        request.key.appendAccept(to: &answer)
        answer += "\r\n".utf8
        if let subprotocol {
            guard request.subprotocols.contains(subprotocol) else {
                throw HandshakeError(
                    .subprotocol, expected: "one of those that the client offers",
                    got: HTTPCharacters.quoted(subprotocol))
            }
            answer += "Sec-WebSocket-Protocol: \(subprotocol)\r\n".utf8
        }
        if let extensions {
            let agreed = try ExtensionOffer.parse([extensions])
            let offered = Set(request.extensions.map(\.name))
            for chosen in agreed where !offered.contains(chosen.name) {
                throw HandshakeError(
                    .extensions, expected: "one of those that the client offers",
                    got: HTTPCharacters.quoted(chosen.name))
            }
            answer += "Sec-WebSocket-Extensions: \(extensions)\r\n".utf8
        }
        try checkApplication(headers)
        headers.appendDate(date, to: &answer)
        headers.appendLines(to: &answer)
        answer += "\r\n".utf8
        return answer
    }

    private static let acceptStart =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "

    /// Refuses fields that would contradict the handshake, or give a 101 a body.
    static func checkApplication(_ headers: HTTPHeaders) throws(HandshakeError) {
        for field in headers.fields {
            let name = HTTPCharacters.lowercased(field.name)
            let isReserved =
                name.hasPrefix("sec-websocket-")
                || ["upgrade", "connection", "content-length", "transfer-encoding"].contains(name)
            guard !isReserved else {
                throw HandshakeError(
                    .header, expected: "fields that the handshake does not write itself", got: field.name)
            }
        }
    }
}

/// Why an opening handshake failed, or cannot begin: which part, what was expected and what came.
///
/// Its description reads like `handshake, status: expected 101, got 403 "Forbidden"`. What came from the peer
/// is quoted shortly and escaped.
public struct HandshakeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part of a handshake that is wrong. More may be added: a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// What the code is called.
        public let description: String

        /// The URL is malformed.
        public static let url = Code(description: "url")
        /// The URL asks for TLS, which the client was not given.
        public static let tlsNotSupported = Code(description: "TLS")
        /// A header field that the application gave is malformed, or belongs to the handshake itself.
        public static let header = Code(description: "header")
        /// The server answered with another status than 101; see ``HandshakeError/status``.
        public static let status = Code(description: "status")
        /// The response is no HTTP/1.1 response; see ``HandshakeError/expected``.
        public static let response = Code(description: "response")
        /// The response does not confirm the upgrade.
        public static let upgrade = Code(description: "upgrade")
        /// The response's proof does not fit the key.
        public static let accept = Code(description: "accept")
        /// A subprotocol is malformed, or was chosen without having been offered.
        public static let subprotocol = Code(description: "subprotocol")
        /// An extension is malformed, or was chosen without having been offered.
        public static let extensions = Code(description: "extensions")
    }

    /// Which part is wrong.
    public let code: Code
    /// What would have been right.
    public let expected: String
    /// What came in its place.
    public let got: String
    /// The status of the server's response, where there is one.
    public let status: Int?

    /// Says what was expected, and what came.
    public init(_ code: Code, expected: String, got: String, status: Int? = nil) {
        self.code = code
        self.expected = expected
        self.got = got
        self.status = status
    }

    /// The part, what was expected and what came.
    public var description: String { "handshake, \(code): expected \(expected), got \(got)" }

    /// A response's head that could not be read.
    package init(_ error: HTTPError) {
        self.init(.response, expected: error.expected, got: error.got)
    }
}
