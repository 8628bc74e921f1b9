/// The server's side of the opening handshake: RFC 6455 4.2. Pure.
enum ServerHandshake {
    /// What a request comes to.
    enum Verdict: Equatable {
        /// A request that asks for no conversation.
        case notUpgrade
        case refused(HTTPResponse)
        case offered(UpgradeRequest)
    }

    private static let secret = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    static func check(_ head: HTTPRequestHead, origins: OriginPolicy) -> Verdict {
        let headers = head.headers
        guard headers.list(of: "Upgrade", contains: "websocket") else { return .notUpgrade }
        guard head.method == "GET" else {
            var response = HTTPResponse(status: 405, text: "expected GET, got \(head.method)\n")
            response.headers.set("Allow", to: "GET")
            return .refused(response)
        }
        guard head.minorVersion == 1 else { return refuse(400, "expected HTTP/1.1, got HTTP/1.0") }
        guard headers.list(of: "Connection", contains: "upgrade") else {
            return refuse(400, "expected Connection to name Upgrade, got \(headers["Connection"] ?? "none")")
        }
        if head.hasBody { return refuse(400, "expected no body in a handshake, got one") }
        let versions = headers.list(of: "Sec-WebSocket-Version")
        guard versions == ["13"] else { return .refused(upgradeRequired) }
        let keys = headers.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, Base64.decodedCount(keys[0]) == 16 else {
            return refuse(
                400, "expected one Sec-WebSocket-Key of 16 bytes in Base64, got \(keys.count) fields")
        }
        guard origins.admits(head) else {
            return refuse(403, "expected a page that may connect, got another")
        }
        guard let extensions = ExtensionOffer.offers(in: headers) else {
            return refuse(400, "RFC 6455 9.1: expected extensions and their parameters, got something else")
        }
        return .offered(UpgradeRequest(head: head, key: keys[0], extensions: extensions))
    }

    private static func refuse(_ status: Int, _ text: String) -> Verdict {
        .refused(HTTPResponse(status: status, text: text + "\n"))
    }

    /// RFC 6455 4.2.2: which version would do.
    static var upgradeRequired: HTTPResponse {
        var response = HTTPResponse(status: 426, text: "expected a WebSocket handshake of version 13\n")
        response.headers.set("Sec-WebSocket-Version", to: "13")
        response.headers.set("Upgrade", to: "websocket")
        return response
    }

    /// The bytes that accept a request.
    static func accept(
        _ request: UpgradeRequest, subprotocol: String?, extensions: String? = nil, headers: HTTPHeaders
    ) -> [UInt8] {
        var text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        text += "Sec-WebSocket-Accept: \(proof(of: request.key))\r\n"
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        if let extensions { text += "Sec-WebSocket-Extensions: \(extensions)\r\n" }
        for field in headers.fields where !isReserved(field.name) {
            text += "\(field.name): \(field.value)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    /// What shows that the key was read: RFC 6455 4.2.2.
    static func proof(of key: String) -> String { Base64.encode(SHA1.digest(Array((key + secret).utf8))) }

    private static func isReserved(_ name: String) -> Bool {
        let lowered = String(decoding: name.utf8.map(HTTPCharacters.lower), as: UTF8.self)
        return lowered.hasPrefix("sec-websocket-")
            || ["upgrade", "connection", "content-length", "transfer-encoding"].contains(lowered)
    }
}
