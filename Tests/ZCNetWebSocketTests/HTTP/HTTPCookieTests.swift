import Testing

@testable import ZCNetWebSocket

@Suite struct HTTPCookieTests {
    /// The fields that are set; nil for a cookie that is refused.
    private func fields(_ cookie: HTTPCookie) -> [String]? {
        var response = HTTPResponse(status: 200)
        let isTaken = response.set(cookie)
        let fields = response.headers.values(of: "Set-Cookie")
        return isTaken || !fields.isEmpty ? fields : nil
    }

    @Test func whatIsSet() {
        #expect(
            fields(HTTPCookie("session", "abc123", maxAge: .seconds(60)))
                == ["session=abc123; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"])
        let plain = HTTPCookie("theme", "dark", path: nil, isSecure: false, isHTTPOnly: false, sameSite: nil)
        #expect(fields(plain) == ["theme=dark"])
        #expect(fields(.deleting("old")) == ["old=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"])
    }

    /// Text of a user's must not become an attribute, a cookie or a line of its own.
    @Test(arguments: ["a b", "a;b", "a,b", "a\"b", "a\\b", "a\r\nb", "a\tb", "é", "a\u{7F}"])
    func whatIsRefused(text: String) {
        #expect(fields(HTTPCookie("name", text)) == nil)
        #expect(fields(HTTPCookie(text, "value")) == nil)
    }

    @Test func attributesAreNoWayIn() {
        #expect(fields(HTTPCookie("a", "b", path: "/; Domain=evil.example")) == nil)
        #expect(fields(HTTPCookie("a", "b", domain: "x\r\nSet-Cookie: c=d")) == nil)
        #expect(fields(HTTPCookie("", "b")) == nil)
    }

    @Test func whatIsRead() {
        let head = HTTPRequestHead(
            target: "/", headers: ["Cookie": "a=1; b=\"two\";c=x=y; =z; d", "cookie": "e=5; a=2"])
        #expect(head.cookie("a") == "1" && head.cookie("b") == "two" && head.cookie("c") == "x=y")
        #expect(head.cookie("d") == nil && head.cookie("e") == "5" && head.cookie("A") == nil)
        #expect(head.cookie("f") == nil)
    }
}
