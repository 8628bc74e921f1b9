import ZCNet

/// An answer to a plain HTTP request: its bytes, or, by ``init(status:headers:type:streaming:)`` and
/// ``events(headers:_:)``, where they come from while it is sent.
///
/// ```swift
/// HTTPResponse(status: 200, text: "fine\n")
/// HTTPResponse(status: 503, headers: ["Retry-After": "5"])
/// HTTPResponse(status: 201, json: ["id": 7])
/// ```
/// `Content-Length`, `Transfer-Encoding` and `Connection` are written by the server; fields of these names
/// are left out. It writes `Date`, too, unless the response has one of its own.
///
/// A handler may throw one in place of returning it.
public struct HTTPResponse: Error, Hashable, Sendable {
    /// A final status: 200 to 599.
    public var status: Int { didSet { Self.check(status) } }
    /// What to say beside length and connection.
    public var headers: HTTPHeaders
    /// What it carries. Responses to HEAD requests and those of status 204 and 304 are sent without.
    public var body: [UInt8]
    /// Where the body comes from, if not from `body`.
    package var source: HTTPBodySource?

    /// An answer with a body of bytes, or none.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        Self.check(status)
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer in plain text, unless another type is given.
    ///
    /// - Precondition: the status is 200 to 599.
    public init(status: Int, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, body: Array(text.utf8))
        headers.set("Content-Type", to: type)
    }

    /// The answer to a head that was refused.
    package init(_ error: HTTPError) { self.init(status: error.status, text: error.description + "\n") }

    /// The response's bytes: head and body in one.
    ///
    /// - Parameters:
    ///   - isHead: whether the request's method was HEAD: the length is told, the body is not sent
    ///     (RFC 9110 9.3.2).
    ///   - keepsAlive: whether the connection goes on.
    ///   - date: what `Date` says, unless the response has one of its own (RFC 9110 6.6.1); nil sends none.
    ///   - isChunked: whether a body of unknown length is sent in chunks, and not until the connection's end.
    package func serialized(
        isHead: Bool = false, keepsAlive: Bool, date: String? = nil, isChunked: Bool = true
    ) -> [UInt8] {
        // RFC 9110 8.6 and 15.4.5: a 204 tells no length, a 304 would tell that of another response.
        let hasContent = status != 204 && status != 304
        var head = Array("HTTP/1.1 \(status) \(Self.reason(for: status))\r\n".utf8)
        headers.appendDate(date, to: &head)
        headers.appendLines(to: &head) { !Self.isFraming($0.known) }
        if hasContent {
            if let length = source.map(\.byteCount) ?? body.count {
                head += "Content-Length: \(length)\r\n".utf8
            } else if isChunked {
                head += "Transfer-Encoding: chunked\r\n".utf8
            }
        }
        // RFC 9110 7.8: who names Upgrade has to name it as an option of the connection, too.
        let upgrade = headers.contains(.upgrade) ? ", Upgrade" : ""
        head += "Connection: \(keepsAlive ? "keep-alive" : "close")\(upgrade)\r\n\r\n".utf8
        if hasContent && !isHead && source == nil { head += body }
        return head
    }

    /// Whether the response has something behind its head for a request of this method.
    package func hasContent(for method: String) -> Bool {
        status != 204 && status != 304 && method != "HEAD"
    }

    private static func isFraming(_ header: KnownHeader) -> Bool {
        header == .contentLength || header == .connection || header == .transferEncoding
    }

    private static func check(_ status: Int) {
        precondition((200...599).contains(status), "a final response has a status of 200 to 599")
    }
}

/// Where the body of a response comes from that is not in memory. Equal to itself alone.
package final class HTTPBodySource: Hashable, Sendable {
    /// How long the body is; nil where only its end tells.
    package let byteCount: Int?
    /// What the layer that sends it knows.
    package let content: any Sendable

    package init(byteCount: Int?, _ content: some Sendable) {
        self.byteCount = byteCount
        self.content = content
    }

    package static func == (left: HTTPBodySource, right: HTTPBodySource) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension HTTPResponse {
    /// The phrase that RFC 9110 15 and its companions register for a status; empty for others, as RFC 9112 4
    /// allows.
    package static func reason(for status: Int) -> String {
        status < 400 ? successOrRedirect(status) : status < 500 ? clientError(status) : serverError(status)
    }

    private static func successOrRedirect(_ status: Int) -> String {
        switch status {
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 206: "Partial Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        default: ""
        }
    }

    private static func clientError(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        default: ""
        }
    }

    private static func serverError(_ status: Int) -> String {
        switch status {
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 511: "Network Authentication Required"
        default: ""
        }
    }
}

/// A response without its body, as a client sees it, checked by the rules of RFC 9112.
///
/// **Ownership.** All of it is copies: a head may be kept and sent to other threads.
public struct HTTPResponseHead: Hashable, Sendable {
    /// The status code, such as 101.
    public let status: Int
    /// What the server calls the status; it may be empty, and means nothing.
    public let reason: String
    /// The minor version of HTTP/1: 0 or 1.
    public let minorVersion: Int
    /// The header fields of the response.
    public let headers: HTTPHeaders
    /// Where the response ends, behind its head.
    package let framing: MessageFraming

    package init(
        status: Int, reason: String = "", minorVersion: Int = 1, headers: HTTPHeaders = HTTPHeaders(),
        framing: MessageFraming = .none
    ) {
        self.framing = framing
        self.status = status
        self.reason = reason
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// The version in words: `HTTP/1.1` or `HTTP/1.0`.
    public var version: String { "HTTP/1.\(minorVersion)" }
}

/// What the `Date` of responses says: RFC 9110 5.6.7, in the form that is to be generated, such as
/// `Sun, 06 Nov 1994 08:49:37 GMT`. One per loop.
///
/// **Cost.** The wall clock is read and the text made once per second; in between the same text is given
/// out. A wall clock that is set is seen within a second.
struct HTTPDate {
    private var text = ""
    private var validUntil = MonotonicInstant.zero

    /// The date at `now`, by the loop's clock; `wallTime` is asked only when another second has begun.
    mutating func text(
        at now: MonotonicInstant, _ wallTime: () -> (seconds: Int64, nanoseconds: Int64)
    ) -> String {
        if now < validUntil { return text }
        let time = wallTime()
        text = Self.text(secondsSince1970: time.seconds)
        validUntil = now + .nanoseconds(1_000_000_000 - time.nanoseconds)
        return text
    }

    /// Seconds of the wall clock as a date, from 1970 to 9999.
    static func text(secondsSince1970 seconds: Int64) -> String {
        let seconds = Int(min(max(seconds, 0), 253_402_300_799))
        let (days, second) = (seconds / 86_400, seconds % 86_400)
        let (year, month, day) = civil(days)
        // The first of January 1970 was a Thursday.
        let dayName = weekdays[(days + 4) % 7]
        let clock = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        let century = padded(year / 100) + padded(year % 100)
        return "\(dayName), \(padded(day)) \(months[month - 1]) \(century) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a day since 1970-01-01. Years are counted from March, so that the leap day is a
    /// year's last.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // From 0000-03-01 on; 146,097 days are 400 years.
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months of 31, 30, 31, 30, 31 days, five at a time.
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
