/// Scripts for WebSocket servers, written without the library's own framing.
enum WebSocketScript {
    /// RFC 6455 4.1: the request for a path.
    static func upgrade(_ path: String) -> [UInt8] {
        Array(
            """
            GET \(path) HTTP/1.1\r\nHost: counting\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
            """.utf8)
    }

    private static let key: [UInt8] = [0x1B, 0xAD, 0xF0, 0x0D]

    private static var opening: (request: [UInt8], endMark: [UInt8]) {
        (upgrade("/"), Array("\r\n\r\n".utf8))
    }

    /// RFC 6455 5.2: a frame as a client sends it, or as a server does.
    static func frame(_ first: UInt8, _ payload: [UInt8], isMasked: Bool) -> [UInt8] {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var bytes = [first]
        if payload.count < 126 {
            bytes.append(mask | UInt8(payload.count))
        } else if payload.count < 65_536 {
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        } else {
            bytes.append(mask | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(payload.count >> shift & 0xFF))
            }
        }
        if isMasked { bytes += key }
        return bytes + payload.enumerated().map { isMasked ? $1 ^ key[$0 % 4] : $1 }
    }

    /// Whole messages that come back as they are.
    static func echo(isText: Bool, payloadBytes: Int, pipelined: Int) -> Script {
        let text = Array("Grüße, 世界, and plain words between 🙂 them; ".utf8)
        var payload = (0..<payloadBytes).map {
            isText ? text[$0 % text.count] : UInt8(truncatingIfNeeded: $0 &* 31)
        }
        // Text that the length cuts within a character ends in plain letters instead.
        if isText {
            var cut = payloadBytes - payloadBytes % text.count
            while cut < payloadBytes { (payload[cut], cut) = (UInt8(ascii: "x"), cut + 1) }
        }
        let first: UInt8 = isText ? 0x81 : 0x82
        func repeated(_ bytes: [UInt8]) -> [UInt8] { (0..<pipelined).flatMap { _ in bytes } }
        return Script(
            opening: opening, outgoing: repeated(frame(first, payload, isMasked: true)),
            incoming: repeated(frame(first, payload, isMasked: false)))
    }

    /// Nothing but pings of the server's, each answered.
    static let idle = Script(
        opening: opening, outgoing: frame(0x8A, [], isMasked: true),
        incoming: frame(0x89, [], isMasked: false),
        listensFirst: true)
}
