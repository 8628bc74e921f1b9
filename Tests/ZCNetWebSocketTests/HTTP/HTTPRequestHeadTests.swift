import Testing

@testable import ZCNetWebSocket

struct HTTPRequestHeadTests {
    @Test(arguments: [
        ("/caf%C3%A9%2fx?y", "/café/x"), ("/a+b", "/a+b"), ("/%", nil), ("/%4", nil), ("/%G0", nil),
        ("/%00", nil), ("/%FF", nil), ("/%2", nil), ("/%e2%82%ac", "/€"), ("*", "*"),
    ])
    func decodedPaths(target: String, decoded: String?) {
        #expect(HTTPRequestHead(target: target).decodedPath == decoded)
    }

    @Test(arguments: [
        ("/?token=a+b%26c", "token", "a b&c"), ("/?a=1&token=2&token=3", "token", "2"),
        ("/?token", "token", ""),
        ("/?token=", "token", ""), ("/?tok%65n=x=y", "token", "x=y"), ("/?a=token", "token", nil),
        ("/token=a", "token", nil), ("/?", "token", nil), ("/?token=%", "token", nil),
        ("/?&&=&token=1", "token", "1"),
        ("/?%=3&token=1", "token", "1"),
    ])
    func queryValues(target: String, name: String, value: String?) {
        #expect(HTTPRequestHead(target: target).queryValue(of: name) == value)
    }

    @Test func upgradesNeedBothFields() {
        #expect(
            HTTPRequestHead(target: "/", headers: ["Upgrade": "h2c", "Connection": "Upgrade"]).wantsUpgrade)
        #expect(!HTTPRequestHead(target: "/", headers: ["Upgrade": "websocket"]).wantsUpgrade)
        #expect(!HTTPRequestHead(target: "/", headers: ["Connection": "upgrade"]).wantsUpgrade)
    }

    @Test(
        arguments: [
            ("example.org", "example.org", nil), ("EXAMPLE.org:80", "example.org", 80), ("a:", "a", nil),
            ("", "", nil), (":1", "", 1), ("[::1]", "::1", nil),
            ("[2001:DB8::1]:65535", "2001:db8::1", 65535),
            ("1.2.3.4:0", "1.2.3.4", 0), ("a_b-c.~", "a_b-c.~", nil),
        ] as [(String, String, UInt16?)])
    func authorities(text: String, host: String, port: UInt16?) throws {
        let authority = try #require(HTTPAuthority(text))
        #expect(authority.host == host && authority.port == port)
        #expect(HTTPAuthority(authority.description) == authority)
    }

    @Test(arguments: [
        "a b", "a/", "a?", "a#", "u@a", "a:b", "a:65536", "a:+1", "a:-1", "a:000001", "a:1:2", "::1", "[::1",
        "[]",
        "[a]", "[1.2.3.4]", "[::1]x", "[::1]:x", "[::1%25lo]", "é", "a\0", "a,b",
        String(repeating: "a", count: 254),
    ])
    func noAuthorities(text: String) { #expect(HTTPAuthority(text) == nil) }
}
