import Testing

@testable import ZCNetWebSocket

struct OriginPolicyTests {
    private func head(_ origin: String?, host: String = "example.org") -> HTTPRequestHead {
        var headers: HTTPHeaders = ["Host": host]
        if let origin { headers.add("Origin", origin) }
        return HTTPRequestHead(target: "/", headers: headers)
    }

    @Test func clientsThatAreNoBrowsersPass() {
        let none = OriginPolicy.custom { _, _ in false }
        for policy in [OriginPolicy.any, .sameHost, .list([]), none] { #expect(policy.admits(head(nil))) }
        #expect(OriginPolicy.any.admits(head("null")) && !none.admits(head("https://example.org")))
    }

    @Test(arguments: [
        ("https://example.org", "example.org", true), ("http://example.org", "EXAMPLE.ORG", true),
        ("https://example.org:443", "example.org", true), ("https://example.org", "example.org:443", true),
        ("http://example.org:8080", "example.org:8080", true), ("http://[::1]:81", "[::1]:81", true),
        ("http://example.org:8080", "example.org", false), ("http://example.org", "example.org:8080", false),
        ("https://example.org", "example.org:80", false), ("https://evil.example", "example.org", false),
        ("https://example.org.evil", "example.org", false),
        ("https://evil/example.org", "example.org", false),
        ("null", "example.org", false), ("", "", false), ("https://", "", false),
        ("://example.org", "example.org", false),
        ("https://u@example.org", "example.org", false),
    ])
    func sameHost(origin: String, host: String, isAdmitted: Bool) {
        #expect(OriginPolicy.sameHost.admits(head(origin, host: host)) == isAdmitted)
    }

    @Test(arguments: [
        ("https://example.org", true), ("HTTPS://Example.ORG:443", true), ("http://a.example:81", true),
        ("null", true), ("http://example.org", false), ("https://example.org:444", false),
        ("http://a.example", false), ("https://sub.example.org", false), ("https://example.org/", false),
    ])
    func list(origin: String, isAdmitted: Bool) {
        let policy = OriginPolicy.list(["https://example.org", "http://A.example:81", "null"])
        #expect(policy.admits(head(origin)) == isAdmitted)
    }

    @Test func customSeesTheRequest() {
        let policy = OriginPolicy.custom { origin, head in origin == "https://a" && head.path == "/" }
        #expect(policy.admits(head("https://a")) && !policy.admits(head("https://b")))
    }
}
