/// What a client sends to see that the server understands WebSocket: 16 random bytes in Base64, RFC 6455 4.1.
package struct WebSocketKey: Hashable, Sendable {
    /// As the header has it.
    package let text: String

    /// RFC 6455 1.3: known to no server that does not speak the protocol.
    private static let secret = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// A client's key as it came; nil when it does not stand for 16 bytes.
    package init?(_ text: String) {
        guard text.utf8.count == 24, Base64.decode(text)?.count == 16 else { return nil }
        self.text = text
    }

    /// A new key.
    package init(using generator: inout some RandomNumberGenerator) {
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        text = Base64.encode(bytes)
    }

    /// A new key from the system's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// What the server answers with: RFC 6455 4.2.2, 5.4.
    package var accept: String { Base64.encode(SHA1.digest(Array((text + Self.secret).utf8))) }
}
