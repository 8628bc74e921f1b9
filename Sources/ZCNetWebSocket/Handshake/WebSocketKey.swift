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

    /// A key of 16 random bytes.
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

/// SHA-1 (RFC 3174), for the one purpose that RFC 6455 has for it: a server shows that it has read a client's
/// key. Nothing relies on it for secrecy or integrity, which it no longer gives.
enum SHA1 {
    private static let blockBytes = 64

    /// The 20 bytes of a message's digest. O(n).
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var state: InlineArray<5, UInt32> = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        let tailStart = message.count / blockBytes * blockBytes
        for start in stride(from: 0, to: tailStart, by: blockBytes) {
            absorb(message, at: start, into: &state)
        }
        // RFC 3174 4: a one bit, zeros, and the length in bits fill the last block or two.
        var tail = Array(message[tailStart...])
        tail.append(0x80)
        while tail.count % blockBytes != blockBytes - 8 { tail.append(0) }
        let bitCount = UInt64(message.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bitCount >> shift))
        }
        for start in stride(from: 0, to: tail.count, by: blockBytes) {
            absorb(tail, at: start, into: &state)
        }
        return (0..<20).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> UInt32(24 - $0 % 4 * 8)) }
    }

    /// RFC 3174 6.2: the schedule needs only its last sixteen words at a time.
    private static func absorb(_ bytes: [UInt8], at start: Int, into state: inout InlineArray<5, UInt32>) {
        var schedule = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<blockBytes {
            schedule[index / 4] = schedule[index / 4] << 8 | UInt32(bytes[start + index])
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for round in 0..<80 {
            if round >= 16 {
                let mixed =
                    schedule[(round + 13) & 15] ^ schedule[(round + 8) & 15] ^ schedule[(round + 2) & 15]
                    ^ schedule[round & 15]
                schedule[round & 15] = rotated(mixed, by: 1)
            }
            let (combined, constant) = function(round, b, c, d)
            let sum = rotated(a, by: 5) &+ combined &+ e &+ constant &+ schedule[round & 15]
            (a, b, c, d, e) = (sum, a, rotated(b, by: 30), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    /// RFC 3174 5: what each twenty rounds do with three of the words, and their constant.
    private static func function(
        _ round: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32
    ) -> (combined: UInt32, constant: UInt32) {
        switch round {
        case ..<20: (d ^ b & (c ^ d), 0x5A82_7999)
        case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: (b & c | d & (b | c), 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
    }

    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}

/// Base64 with padding: RFC 4648 4.
enum Base64 {
    private static let pad = UInt8(ascii: "=")

    /// The text of some bytes. O(n).
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = min(3, bytes.count - start)
            let first = bytes[start]
            let second = left > 1 ? bytes[start + 1] : 0
            let third = left > 2 ? bytes[start + 2] : 0
            text.append(digit(first >> 2))
            text.append(digit(first << 4 & 0x30 | second >> 4))
            text.append(left > 1 ? digit(second << 2 & 0x3C | third >> 6) : pad)
            text.append(left > 2 ? digit(third & 0x3F) : pad)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, or nil when it is no Base64: another character, or padding missing or misplaced.
    ///
    /// Bits that padding leaves over are not looked at, as RFC 4648 3.5 allows. O(n).
    static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { return nil }
        let padding = characters.suffix(2).reversed().prefix { $0 == pad }.count
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        for (index, character) in characters.dropLast(padding).enumerated() {
            guard let value = value(character) else { return nil }
            bits = bits << 6 | UInt32(value)
            // Every character but the first of four completes a byte.
            if index % 4 != 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (index % 4)))) }
        }
        return bytes
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
