import Testing
import ZCNet

@testable import ZCNetWebSocket

struct WebSocketURLTests {
    @Test(arguments: [
        // URL, endpoint, Host, target, and the URL again.
        ("ws://example.org", "example.org:80", "example.org", "/", "ws://example.org/"),
        ("WS://Example.ORG:80/a?b", "example.org:80", "example.org", "/a?b", "ws://example.org/a?b"),
        ("ws://a:8080/", "a:8080", "a:8080", "/", "ws://a:8080/"),
        ("ws://a?b=c/d", "a:80", "a", "/?b=c/d", "ws://a/?b=c/d"),
        ("ws://a:/x", "a:80", "a", "/x", "ws://a/x"),
        (
            "ws://127.0.0.1:9001/x%20y", "127.0.0.1:9001", "127.0.0.1:9001", "/x%20y",
            "ws://127.0.0.1:9001/x%20y"
        ),
        ("ws://[::1]", "[::1]:80", "[::1]", "/", "ws://[::1]/"),
        ("ws://[2001:DB8::1]:81/", "[2001:db8::1]:81", "[2001:db8::1]:81", "/", "ws://[2001:db8::1]:81/"),
        ("ws+unix:/run/a.sock", "unix:/run/a.sock", "localhost", "/", "ws+unix:/run/a.sock:/"),
        (
            "ws+unix:/run/a.sock:/p?q:r", "unix:/run/a.sock", "localhost", "/p?q:r",
            "ws+unix:/run/a.sock:/p?q:r"
        ),
        ("ws+unix:a.sock:", "unix:a.sock", "localhost", "/", "ws+unix:a.sock:/"),
    ])
    func reads(text: String, endpoint: String, host: String, target: String, again: String) throws {
        let url = try WebSocketURL(text)
        #expect(url.endpoint == (try Endpoint(parsing: endpoint)))
        #expect(url.host == host && url.target == target && url.description == again)
        #expect(try WebSocketURL(again) == url)
    }

    @Test(arguments: [
        "", "ws", "ws:", "ws:/a", "ws://", "ws:///a", "ws://:80", "http://a", "://a", " ws://a", "ws://a b",
        "ws://a/b c", "ws://a/#b", "ws://a#", "ws://a/é", "ws://é", "ws://u@a", "ws://u:p@a/", "ws://a:x",
        "ws://a:65536", "ws://a:0", "ws://a:-1", "ws://[::1", "ws://::1", "ws://[a]", "ws://a/\r\nEvil: 1",
        "ws://a\0", "ws://1.2.3", "ws://1.2.3.256", "ws://a,b", "ws+unix:", "ws+unix::/a", "ws+unix:/a:b",
        "ws+unix:/" + String(repeating: "a", count: 107), "ws+unix:/a b", "ws://*", "ws://a:000080",
    ])
    func refuses(text: String) {
        let error = #expect(throws: HandshakeError.self) { try WebSocketURL(text) }
        #expect(error?.code == .url)
        #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 } == true)
    }

    /// Found by fuzzing: the endpoint `unix:80` is a local socket, the URL's host is a name like any other.
    @Test(arguments: ["ws://unix", "ws://UNIX:80/"])
    func aHostMayBeCalledUnix(text: String) throws {
        #expect(try WebSocketURL(text).endpoint == .host("unix", port: 80))
    }

    @Test func securedOnesHaveAPortOfTheirOwn() throws {
        let plain = try WebSocketURL("ws://example.org/a")
        #expect(!plain.isSecure && plain.endpoint == .host("example.org", port: 80))
        let secure = try WebSocketURL("WSS://example.org/a")
        #expect(secure.isSecure && secure.endpoint == .host("example.org", port: 443))
        #expect(secure.host == "example.org" && secure.description == "wss://example.org/a")
        #expect(try WebSocketURL("wss://a:443").host == "a")
        #expect(try WebSocketURL("wss://a:80").host == "a:80")
        #expect(try WebSocketURL("ws://a:443").host == "a:443")
        #expect(try WebSocketURL("wss+unix:/a:/b").description == "wss+unix:/a:/b")
    }
}
