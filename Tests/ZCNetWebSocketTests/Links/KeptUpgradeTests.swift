import Testing
import ZCNet

@testable import ZCNetWebSocket

/// What a link keeps of its request is all of it.
@Suite struct KeptUpgradeTests {
    /// A request as it came from the wire, and what the handshake made of it.
    private func request(_ target: String, _ lines: [String]) throws -> UpgradeRequest {
        let text =
            (["GET \(target) HTTP/1.1", "Host: example.org", "Upgrade: websocket", "Connection: Upgrade"]
            + ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"] + lines)
            .map { $0 + "\r\n" }.joined() + "\r\n"
        var parser = HTTPHeadParser()
        guard case .request(var head, _) = unsafe parser.parse(Array(text.utf8).span.bytes) else {
            throw HandshakeError(.subprotocol, expected: "a head", got: text)
        }
        head.peerAddress = try SocketAddress(parsing: "192.0.2.1:4711")
        head.remoteAddress = head.peerAddress
        guard case .offered(let request) = ServerHandshake.check(head) else {
            throw HandshakeError(.subprotocol, expected: "an offer", got: text)
        }
        return request
    }

    @Test(arguments: [
        ("/", []),
        ("/a%20b?x=1&y", ["Origin: https://example.org", "Cookie: a=1", "Cookie: b=2", "X-Empty:"]),
        ("http://example.org:80/p?q", ["X-Text: gr\u{fc}n, \u{1f600}\tend"]),
        (
            "/chat",
            [
                "Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Protocol: c",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, other; x=\"1\"",
            ]
        ),
    ])
    func aRequestComesBackWhole(_ target: String, _ lines: [String]) throws {
        let request = try request(target, lines)
        let upgrade = WebSocketUpgrade(request: request, subprotocol: nil, isCompressed: true)
        let again = KeptUpgrade(upgrade).upgrade
        #expect(again.request == request)
        #expect(again.subprotocol == nil && again.isCompressed && again.response == nil)
    }

    @Test func whatWasAgreedOnComesBack() throws {
        var request = try request("/", ["Sec-WebSocket-Protocol: a, b"])
        request.head.remoteAddress = try SocketAddress(parsing: "[2001:db8::1]:0")
        let upgrade = WebSocketUpgrade(
            request: request, subprotocol: "b", isCompressed: false, context: UpgradeContext(42))
        let again = KeptUpgrade(upgrade).upgrade
        #expect(again.request == request)
        #expect(again.remoteAddress != again.peerAddress)
        #expect(again.subprotocol == "b" && !again.isCompressed)
        #expect(again.context(as: Int.self) == 42)
    }
}
