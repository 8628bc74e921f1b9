/// A cookie that a response sets: RFC 6265 4.1.
///
/// ```swift
/// var response = HTTPResponse(status: 200, text: "welcome\n")
/// response.set(HTTPCookie("session", token, maxAge: .seconds(3600)))
/// // later, of a request:
/// request.head.cookie("session")
/// ```
/// The defaults are those of a session that scripts and other sites have no business with: `HttpOnly`,
/// `Secure`, `SameSite=Lax`, for every path of the host. Browsers take a `Secure` cookie over plain HTTP from
/// `localhost` alone.
public struct HTTPCookie: Hashable, Sendable {
    /// Which requests of other sites carry a cookie.
    public enum SameSite: String, Hashable, Sendable {
        /// No request that comes from another site.
        case strict = "Strict"
        /// Links that a person follows.
        case lax = "Lax"
        /// All of them; browsers demand `Secure` with it.
        case anySite = "None"
    }

    /// What it is called: a token.
    public var name: String
    /// What it says: no blanks, quotes, commas, semicolons, backslashes or control characters.
    public var value: String
    /// For which paths it is sent back; nil is the folder of the request's.
    public var path: String?
    /// For which hosts beside this one; nil is this one alone.
    public var domain: String?
    /// How long it lives; nil is as long as the browser runs, and zero deletes it.
    public var maxAge: Duration?
    /// Whether it is sent over TLS only.
    public var isSecure: Bool
    /// Whether scripts of a page cannot read it.
    public var isHTTPOnly: Bool
    /// Which requests of other sites carry it; nil leaves that to the browser.
    public var sameSite: SameSite?

    /// A cookie with the defaults of each attribute.
    public init(
        _ name: String, _ value: String, path: String? = "/", domain: String? = nil,
        maxAge: Duration? = nil, isSecure: Bool = true, isHTTPOnly: Bool = true, sameSite: SameSite? = .lax
    ) {
        self.name = name
        self.value = value
        self.path = path
        self.domain = domain
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
    }

    /// What deletes a cookie of this name, path and domain at the browser.
    public static func deleting(
        _ name: String, path: String? = "/", domain: String? = nil
    ) -> HTTPCookie { HTTPCookie(name, "", path: path, domain: domain, maxAge: .zero) }

    /// The value of a `Set-Cookie` field; nil where a part has characters that would begin another part.
    package var field: String? {
        guard HTTPCharacters.isToken(name), value.utf8.allSatisfy(Self.isValue) else { return nil }
        guard [path, domain].allSatisfy({ $0?.utf8.allSatisfy(Self.isAttribute) ?? true }) else { return nil }
        var text = "\(name)=\(value)"
        if let path { text += "; Path=\(path)" }
        if let domain { text += "; Domain=\(domain)" }
        if let maxAge { text += "; Max-Age=\(max(0, maxAge.components.seconds))" }
        if isSecure { text += "; Secure" }
        if isHTTPOnly { text += "; HttpOnly" }
        if let sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        return text
    }

    /// RFC 6265 4.1.1: `cookie-octet`.
    private static func isValue(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != HTTPCharacters.quote && byte != UInt8(ascii: ",")
            && byte != UInt8(ascii: ";") && byte != HTTPCharacters.backslash
    }

    private static func isAttribute(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: ";")
    }
}

extension HTTPResponse {
    /// Adds a `Set-Cookie` field; one for each cookie.
    ///
    /// - Returns: false, and nothing is added, where the name is no token or a part has characters that the
    ///   field cannot hold: encode such values, in Base64 for example.
    @discardableResult
    public mutating func set(_ cookie: HTTPCookie) -> Bool {
        guard let field = cookie.field else { return false }
        return headers.add("Set-Cookie", field)
    }
}

extension HTTPRequestHead {
    /// The value of the first cookie of a name, without quotes around it; nil without one. O(n).
    ///
    /// Whoever can set cookies for a neighbouring host or path can put one of the same name in front:
    /// a cookie that proves something has to be signed or looked up.
    public func cookie(_ name: String) -> String? {
        for field in headers.values(of: "Cookie") {
            for part in field.utf8.split(separator: UInt8(ascii: ";")) {
                let bytes = HTTPCharacters.trimmed(Array(part)[...])
                guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
                    bytes[..<equals].elementsEqual(name.utf8)
                else { continue }
                var value = bytes[(equals + 1)...]
                if value.count >= 2, value.first == HTTPCharacters.quote, value.last == HTTPCharacters.quote {
                    value = value.dropFirst().dropLast()
                }
                return String(decoding: value, as: UTF8.self)
            }
        }
        return nil
    }
}
