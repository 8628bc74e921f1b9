/// The client's side of the opening handshake: RFC 6455 4.1. Pure: it makes a request and judges the
/// response.
///
/// ```swift
/// let handshake = try ClientHandshake(url, subprotocols: ["chat.v2", "chat.v1"])
/// send(handshake.requestBytes)
/// let agreement = try handshake.check(responseHead)      // agreement.subprotocol
/// ```
package struct ClientHandshake: Sendable {
    /// What both sides agreed on.
    package struct Agreement: Hashable, Sendable {
        package let subprotocol: String?
        package let extensions: [ExtensionOffer]
    }

    /// The request as it goes out, its head and nothing behind it.
    package let requestBytes: [UInt8]
    /// The same, as a server would read it.
    package let request: UpgradeRequest

    /// Writes a request.
    ///
    /// - Parameters:
    ///   - url: where to.
    ///   - key: a new one for each connection.
    ///   - subprotocols: tokens, best first, each once.
    ///   - extensions: what the extensions' field says, if any.
    ///   - headers: the application's. A `Host` replaces the URL's; fields of the handshake are refused.
    package init(
        _ url: WebSocketURL, key: WebSocketKey = WebSocketKey(), subprotocols: [String] = [],
        extensions: String? = nil, headers: HTTPHeaders = HTTPHeaders()
    ) throws(HandshakeError) {
        let offers = try ExtensionOffer.parse(extensions.map { [$0] } ?? [])
        try Self.check(subprotocols)
        try ServerHandshake.checkApplication(headers)
        let hosts = headers.values(of: .host)
        let host = hosts.first ?? url.host
        guard hosts.count <= 1, HTTPAuthority(host) != nil else {
            throw HandshakeError(.header, expected: "one host in Host", got: HTTPCharacters.quoted(host))
        }
        var fields: HTTPHeaders = ["Host": host, "Upgrade": "websocket", "Connection": "Upgrade"]
        fields.add("Sec-WebSocket-Key", key.text)
        fields.add("Sec-WebSocket-Version", "13")
        if !subprotocols.isEmpty {
            fields.add("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", "))
        }
        if let extensions { fields.add("Sec-WebSocket-Extensions", extensions) }
        for field in headers.fields where !HTTPCharacters.isSame(field.name, "Host") {
            fields.add(field.name, field.value)
        }
        var text = Array("GET \(url.target) HTTP/1.1\r\n".utf8)
        fields.appendLines(to: &text)
        requestBytes = text + "\r\n".utf8
        request = UpgradeRequest(
            head: HTTPRequestHead(target: url.target, headers: fields), key: key, subprotocols: subprotocols,
            extensions: offers)
    }

    private static func check(_ subprotocols: [String]) throws(HandshakeError) {
        for name in subprotocols where !HTTPCharacters.isToken(name) {
            throw HandshakeError(.subprotocol, expected: "a token", got: HTTPCharacters.quoted(name))
        }
        guard Set(subprotocols).count == subprotocols.count else {
            throw HandshakeError(
                .subprotocol, expected: "each once (RFC 6455 4.1)", got: subprotocols.joined(separator: ", "))
        }
    }

    /// Judges the response: RFC 6455 4.1, the second list.
    package func check(_ head: HTTPResponseHead) throws(HandshakeError) -> Agreement {
        let headers = head.headers
        guard head.status == 101 else {
            throw HandshakeError(
                .status, expected: "101", got: "\(head.status) \(HTTPCharacters.quoted(head.reason))",
                status: head.status)
        }
        guard head.minorVersion == 1 else {
            throw failure(.response, "HTTP/1.1", got: head.version)
        }
        // RFC 9112 6.1, RFC 9110 8.6: a 101 has no body. Who announces one may mean what follows as such, and
        // not as frames. A length of 0, which some servers tell, announces none.
        guard !headers.contains(.transferEncoding), headers[.contentLength].map({ Int($0) == 0 }) ?? true
        else { throw failure(.response, "a 101 without a body", got: "one that announces a body") }
        guard headers.tokens(of: .upgrade).map(HTTPCharacters.lowercased) == ["websocket"] else {
            throw failure(.upgrade, "Upgrade: websocket", got: shown(headers, "Upgrade"))
        }
        guard headers.hasToken("upgrade", in: .connection) else {
            throw failure(.upgrade, "Connection: Upgrade", got: shown(headers, "Connection"))
        }
        guard headers.values(of: "Sec-WebSocket-Accept") == [request.key.accept] else {
            throw failure(
                .accept, "the proof \(request.key.accept)", got: shown(headers, "Sec-WebSocket-Accept"))
        }
        return Agreement(
            subprotocol: try chosenSubprotocol(headers), extensions: try chosenExtensions(headers))
    }

    private func chosenSubprotocol(_ headers: HTTPHeaders) throws(HandshakeError) -> String? {
        let chosen = headers.values(of: .webSocketProtocol)
        guard let first = chosen.first else { return nil }
        guard chosen.count == 1, request.subprotocols.contains(first) else {
            throw failure(
                .subprotocol, "none or one of \(request.subprotocols)",
                got: shown(headers, "Sec-WebSocket-Protocol"))
        }
        return first
    }

    private func chosenExtensions(_ headers: HTTPHeaders) throws(HandshakeError) -> [ExtensionOffer] {
        let chosen = try ExtensionOffer.parse(headers.values(of: .webSocketExtensions))
        let offered = Set(request.extensions.map(\.name))
        for answer in chosen where !offered.contains(answer.name) {
            throw failure(
                .extensions, "one that was offered", got: HTTPCharacters.quoted(answer.name))
        }
        return chosen
    }

    private func shown(_ headers: HTTPHeaders, _ name: String) -> String {
        let values = headers.values(of: name)
        return values.isEmpty ? "none" : HTTPCharacters.quoted(values.joined(separator: ", "))
    }

    private func failure(_ code: HandshakeError.Code, _ expected: String, got: String) -> HandshakeError {
        HandshakeError(code, expected: expected, got: got, status: 101)
    }
}
