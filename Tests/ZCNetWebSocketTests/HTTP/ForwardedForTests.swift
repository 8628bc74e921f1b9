import Testing
import ZCNet

@testable import ZCNetWebSocket

struct ForwardedForTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "::10.0.0.0", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false), ("0.0.0.0/0", "255.1.2.3", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::1", true), ("::/0", "1.2.3.4", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("2001:db8::/64", "2001:db8::ffff:1:2:3", true), ("2001:db8::/64", "2001:db8:0:1::", false),
        ("2001:db8:0:0:8000::/65", "2001:db8::8000:0:0:1", true),
        ("2001:db8:0:0:8000::/65", "2001:db8::1", false),
        ("::1/128", "::1", true), ("::1/128", "::2", false), ("1.2.3.4/31", "1.2.3.5", true),
        ("1.2.3.4/31", "1.2.3.6", false), ("::ffff:10.0.0.0/8", "10.1.1.1", true),
    ])
    func networks(text: String, address: String, isInside: Bool) throws {
        let network = try IPNetwork(parsing: text)
        #expect(network.contains(try #require(IPAddress(address))) == isInside)
        #expect(try IPNetwork(parsing: network.description) == network)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.1.2.3/8",
        "::/129",
        "::1/127", "a/8", "10.0.0/8", "10.0.0.0/ 8", "10.0.0.0/0008",
    ])
    func noNetworks(text: String) {
        #expect(throws: ConfigurationError.self) { try IPNetwork(parsing: text) }
    }

    @Test func aMistakenNetworkIsCorrected() {
        let error = #expect(throws: ConfigurationError.self) { try IPNetwork(parsing: "10.1.2.3/8") }
        #expect(error?.expected.hasPrefix("10.0.0.0/8") == true)
    }

    @Test(
        arguments: [
            // Peer, what it forwards, whose it is.
            ("10.0.0.1:80", ["203.0.113.5"], "203.0.113.5"), ("203.0.113.9:80", ["1.2.3.4"], "203.0.113.9"),
            ("10.0.0.1:80", [], "10.0.0.1"),
            ("10.0.0.1:80", ["6.6.6.6, 203.0.113.5, 10.0.0.9"], "203.0.113.5"),
            ("10.0.0.1:80", ["6.6.6.6", "203.0.113.5", "10.0.0.9"], "203.0.113.5"),
            ("10.0.0.1:80", ["10.0.0.7, 10.0.0.8"], "10.0.0.7"),
            ("10.0.0.1:80", ["junk, 10.0.0.8"], "10.0.0.8"),
            ("10.0.0.1:80", ["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1:80", ["203.0.113.5:4711"], "203.0.113.5"),
            ("10.0.0.1:80", ["[2001:db9::1]:1, [2001:db8::1]:2"], "2001:db9::1"),
            ("[2001:db8::9]:80", ["2001:db9::1"], "2001:db9::1"), ("10.0.0.1:80", [" , "], "10.0.0.1"),
            ("unix:/run/proxy", ["203.0.113.5"], "203.0.113.5"), ("unix:/run/proxy", [], nil),
            ("unix:/run/proxy", ["junk"], nil),
        ] as [(String, [String], String?)])
    func clients(peer: String, fields: [String], client: String?) throws {
        let proxies = ForwardedFor(
            trusting: [try IPNetwork(parsing: "10.0.0.0/8"), try IPNetwork(parsing: "2001:db8::/32")])
        var headers = HTTPHeaders()
        for field in fields { headers.add("x-forwarded-for", field) }
        let found = proxies.clientAddress(of: headers, from: try SocketAddress(parsing: peer))
        #expect(found == client.flatMap { IPAddress($0) })
    }

    @Test func unixPeersMayBeDistrusted() {
        let proxies = ForwardedFor(trusting: [], trustsUnixPeers: false)
        #expect(proxies.clientAddress(of: ["X-Forwarded-For": "1.2.3.4"], from: .unix(path: "")) == nil)
    }
}
