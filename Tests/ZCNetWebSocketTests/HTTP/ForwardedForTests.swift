import Testing
import ZCNet
import ZCNetTesting

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
            // Quotes are nothing special: they must not hide what a proxy appends.
            ("10.0.0.1:80", ["\", 203.0.113.5"], "203.0.113.5"),
            ("10.0.0.1:80", ["\"", "203.0.113.5"], "203.0.113.5"),
            ("10.0.0.1:80", ["\"6.6.6.6\", 10.0.0.8"], "10.0.0.8"),
            ("10.0.0.1:80", ["a\\, 203.0.113.5"], "203.0.113.5"),
        ] as [(String, [String], String?)])
    func clients(peer: String, fields: [String], client: String?) throws {
        let proxies = ForwardedFor(
            trusting: [try IPNetwork(parsing: "10.0.0.0/8"), try IPNetwork(parsing: "2001:db8::/32")])
        var headers = HTTPHeaders()
        for field in fields { headers.add("x-forwarded-for", field) }
        let found = proxies.clientAddress(of: headers, from: try SocketAddress(parsing: peer))
        #expect(found == client.flatMap { IPAddress($0) })
    }

    @Test(
        arguments: [
            ("for=203.0.113.5", "203.0.113.5"), ("for=\"[2001:db9::1]:4711\"", "2001:db9::1"),
            ("for=6.6.6.6, proto=http;for=203.0.113.5;by=\"a,b;for=6.6.6.6\"", "203.0.113.5"),
            ("for=203.0.113.5;host=\"a\\\", for=6.6.6.6;\\\\\"", "203.0.113.5"),
            ("host=\"\\\\\";FOR = \"203.0.113.5\" ;", "203.0.113.5"),
            ("for=6.6.6.6, for=\"203.0.113.5\", for=10.0.0.3,, ", "203.0.113.5"),
            ("for=\"203\\.0.113.5\"", "203.0.113.5"), ("for=\"6.6.6.6, for=10.0.0.3", "10.0.0.3"),
            // Nothing of these names the client.
            ("for=unknown", "10.0.0.1"), ("for=_hidden", "10.0.0.1"), ("proto=http", "10.0.0.1"),
            ("for=6.6.6.6;for=6.6.6.7", "10.0.0.1"), ("for", "10.0.0.1"), ("for=\"6.6.6.6", "10.0.0.1"),
            ("6.6.6.6", "10.0.0.1"), ("\"for=6.6.6.6\"", "10.0.0.1"), ("", "10.0.0.1"),
        ])
    func forwardedElements(value: String, client: String) throws {
        let proxies = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")], field: .forwarded)
        let found = proxies.clientAddress(
            of: ["Forwarded": value], from: try SocketAddress(parsing: "10.0.0.1:80"))
        #expect(found == IPAddress(client), "\(value)")
    }

    /// What a client may put into the field, as far as it passes a head's checks at all.
    private static let garbage = [
        "\"", "\\", ",", ";", "=", " ", "\t", "for=", "for=\"6.6.6.6", "6.6.6.6", "10.0.0.9", "for=10.0.0.9",
        "\\\"", "[::1]", ":80", "unknown", "a", "é", "\"6.6.6.6\"", ", 6.6.6.6", ";for=6.6.6.6", "by=\"",
    ]

    private static func invention(_ random: inout SimulatedRandom) -> String {
        let count = Int.random(in: 0...8, using: &random)
        return (0..<count).map { _ in garbage.randomElement(using: &random) ?? "" }.joined()
    }

    /// How proxies append: behind a comma in the first field, in place of all of them (nginx, Apache), or as
    /// a field of its own (HAProxy).
    private static func append(
        _ element: String, to values: [String], _ random: inout SimulatedRandom
    ) -> [String] {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: values + [element]
        case 1: [(values + [element]).joined(separator: ", ")]
        default: [(values + [element]).joined(separator: ",")]
        }
    }

    private static func element(
        _ address: String, _ field: ForwardedFor.Field, _ random: inout SimulatedRandom
    ) -> String {
        guard field == .forwarded else { return address }
        let node = address.contains(":") ? "\"[\(address)]:4711\"" : address
        // Some tell the Host, which is the client's, as a quoted string.
        let host = invention(&random).map { "\\\"".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        return ["for=\(node)", "proto=http;for=\(node);by=_us", "host=\"\(host)\";for=\(node)"]
            .randomElement(using: &random) ?? ""
    }

    @Test(arguments: [ForwardedFor.Field.xForwardedFor, .forwarded], 0..<8 as Range<UInt64>)
    func whateverAClientSendsTheProxysWordCounts(field: ForwardedFor.Field, seed: UInt64) throws {
        var random = SimulatedRandom(seed: seed)
        let proxies = ForwardedFor(trusting: [try IPNetwork(parsing: "10.0.0.0/8")], field: field)
        let name = field == .forwarded ? "Forwarded" : "X-Forwarded-For"
        for round in 0..<2000 {
            var values = (0..<Int.random(in: 0...3, using: &random)).map { _ in Self.invention(&random) }
            let client = ["203.0.113.5", "2001:db9::1"].randomElement(using: &random) ?? ""
            values = Self.append(Self.element(client, field, &random), to: values, &random)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                values = Self.append(Self.element("10.0.0.7", field, &random), to: values, &random)
            }
            var headers = HTTPHeaders()
            for value in values {
                let isAdded = headers.add(name, value)
                #expect(isAdded)
            }
            let found = proxies.clientAddress(of: headers, from: try SocketAddress(parsing: "10.0.0.1:80"))
            #expect(found == IPAddress(client), "seed \(seed), round \(round): \(values)")
        }
    }

    @Test func unixPeersMayBeDistrusted() {
        let proxies = ForwardedFor(trusting: [], trustsUnixPeers: false)
        #expect(proxies.clientAddress(of: ["X-Forwarded-For": "1.2.3.4"], from: .unix(path: "")) == nil)
    }
}
