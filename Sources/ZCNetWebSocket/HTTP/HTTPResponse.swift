/// A small answer to a plain HTTP request.
public struct HTTPResponse: Hashable, Sendable {
    /// Such as 200.
    public var status: Int
    /// What to say beside length and connection, which are written by the server.
    public var headers: HTTPHeaders
    /// What it carries.
    public var body: [UInt8]

    /// An answer with a body of bytes.
    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer in plain text, unless another type is given.
    public init(status: Int, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, body: Array(text.utf8))
        headers.set("Content-Type", to: type)
    }

    /// The answer to a head that was refused.
    init(_ error: HTTPError) { self.init(status: error.status, text: error.description + "\n") }

    /// The response's bytes. To a HEAD request the body's length is told, but not the body: RFC 9110 9.3.2.
    func serialized(isHead: Bool, keepsAlive: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(Self.reason(status))\r\n"
        for field in headers.fields where !Self.isOurs(field.name) {
            text += "\(field.name): \(field.value)\r\n"
        }
        text += "Content-Length: \(body.count)\r\nConnection: \(keepsAlive ? "keep-alive" : "close")\r\n\r\n"
        return Array(text.utf8) + (isHead ? [] : body)
    }

    private static func isOurs(_ name: String) -> Bool {
        ["content-length", "connection", "transfer-encoding"].contains { HTTPHeaders.isSame($0, name) }
    }

    static func reason(_ status: Int) -> String {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: status < 400 ? "Fine" : "Error"
        }
    }
}
