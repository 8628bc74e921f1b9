import ZCNet
import ZCNetWebSocket

/// URLs: what is accepted means the same when written and read again, and makes a request that a server
/// reads.
struct URLTarget: FuzzTarget {
    let name = "url"
    let bytesMax = 600

    var words: [[UInt8]] {
        [
            "ws://", "WS://", "wss://", "ws+unix:", "[::1]", "[::ffff:1.2.3.4]", ":80", ":0", ":65536", "/",
            "?", "#", "@", "%2F", ":",
        ].map { Array($0.utf8) }
    }

    func make(_ random: inout FuzzRandom) -> [UInt8] {
        let scheme = random.pick(["ws", "wss"])
        let host = random.pick([
            "localhost", "a.example", "127.0.0.1", "[::1]", "[2001:db8::1]", "A_b~c", "", "[", "a:b",
        ])
        let port = random.pick(["", ":80", ":9001", ":", ":0", ":99999"])
        let target = random.pick(["", "/", "/a/b?c=d", "?x", "/%C3%A9", "/a b", "/#f"])
        let unix =
            "\(scheme)+unix:\(random.pick(["/run/a.sock", "", "a"]))\(random.pick(["", ":/chat", ":", ":x"]))"
        return Array((random.oneIn(4) ? unix : "\(scheme)://\(host)\(port)\(target)").utf8)
    }

    func check(_ input: [UInt8]) throws -> String {
        let text = String(decoding: input, as: UTF8.self)
        _ = (try? IPNetwork(parsing: text), try? Endpoint(parsing: text))
        let url: WebSocketURL
        do {
            url = try WebSocketURL(text)
        } catch {
            try expect(
                error.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a plain text: \(error)")
            return outline("\(error)")
        }
        let again = try WebSocketURL(url.description)
        try expect(again == url, "the same URL again: \(url), got \(again)")
        let request = try ClientHandshake(url).requestBytes
        var parser = HTTPHeadParser()
        guard case .request(let head, let count) = withExactSpan(request, { parser.parse($0) }),
            count == request.count, head.target == url.target, head.headers["Host"] == url.host
        else { throw Broken("a request that a server reads, for \(url)") }
        guard case .offered = ServerHandshake.check(head, origins: .any) else {
            throw Broken("a handshake that a server takes, for \(url)")
        }
        switch url.endpoint {
        case .address(.unix): return "unix"
        case .address: return "address \(url.target.count > 1)"
        default: return "name \(url.target.count > 1)"
        }
    }
}
