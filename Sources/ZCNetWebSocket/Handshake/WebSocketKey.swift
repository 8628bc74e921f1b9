import ZCNet

/// What a client sends to see that the server understands WebSocket: 16 random bytes in Base64, RFC 6455 4.1.
package struct WebSocketKey: Hashable, Sendable {
    // Its 24 characters, eight to a word, the first of them in the lowest place: no allocation.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    /// A client's key as it came; nil when it does not stand for 16 bytes.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == 24, bytes.byte(at: 22) == Base64.pad, bytes.byte(at: 23) == Base64.pad else {
            return nil
        }
        for index in 0..<22 where !Base64.isDigit(bytes.byte(at: index)) { return nil }
        (first, second, third) = (bytes.eight(at: 0), bytes.eight(at: 8), bytes.eight(at: 16))
    }

    /// A key in a text; nil when it does not stand for 16 bytes.
    package init?(_ text: String) {
        let utf8 = text.utf8
        self.init(utf8.raw)
    }

    /// A key of 16 random bytes.
    package init(using generator: inout some RandomNumberGenerator) {
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var text: [UInt8] = []
        Base64.append(bytes, to: &text)
        let span = text.raw
        (first, second, third) = (span.eight(at: 0), span.eight(at: 8), span.eight(at: 16))
    }

    /// A new key from the system's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// As the header has it.
    package var text: String {
        let bytes = [first, second, third].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the server answers with: RFC 6455 4.2.2, 5.4.
    package var accept: String {
        var text: [UInt8] = []
        appendAccept(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes what the server answers with.
    func appendAccept(to text: inout [UInt8]) {
        var state = SHA1.initial
        var block = SHA1.Block(repeating: 0)
        for (index, word) in [first, second, third].enumerated() {
            block[2 * index] = UInt32(truncatingIfNeeded: word).byteSwapped
            block[2 * index + 1] = UInt32(truncatingIfNeeded: word >> 32).byteSwapped
        }
        // RFC 6455 1.3: 258EAFA5-E914-47DA-95CA-C5AB0DC85B11, known to no server that does not speak the
        // protocol. With the key it is 60 bytes, which leave room for the one bit behind a message.
        let secret: InlineArray<9, UInt32> = [
            0x3235_3845, 0x4146_4135, 0x2D45_3931, 0x342D_3437, 0x4441_2D39, 0x3543_412D, 0x4335_4142,
            0x3044_4338, 0x3542_3131,
        ]
        for index in secret.indices { block[6 + index] = secret[index] }
        block[15] = 0x8000_0000
        SHA1.absorb(block, into: &state)
        block = SHA1.Block(repeating: 0)
        block[15] = 60 * 8
        SHA1.absorb(block, into: &state)
        Base64.append(SHA1.bytes(of: state), to: &text)
    }
}

/// SHA-1 (RFC 3174), for the one purpose that RFC 6455 has for it: a server shows that it has read a client's
/// key. Nothing relies on it for secrecy or integrity, which it no longer gives.
enum SHA1 {
    typealias State = InlineArray<5, UInt32>
    /// 64 bytes of a message, as sixteen words in network byte order.
    typealias Block = InlineArray<16, UInt32>

    private static let blockBytes = 64

    /// What a digest begins with.
    static var initial: State { [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0] }

    /// The 20 bytes of a message's digest. O(n).
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var state = initial
        // RFC 3174 4: a one bit, zeros, and the length in bits fill the last block or two.
        var padded = message
        padded.append(0x80)
        while padded.count % blockBytes != blockBytes - 8 { padded.append(0) }
        let bitCount = UInt64(message.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bitCount >> shift))
        }
        for start in stride(from: 0, to: padded.count, by: blockBytes) {
            var block = Block(repeating: 0)
            for index in 0..<blockBytes {
                block[index / 4] = block[index / 4] << 8 | UInt32(padded[start + index])
            }
            absorb(block, into: &state)
        }
        return bytes(of: state)
    }

    /// The digest that a state stands for.
    static func bytes(of state: State) -> [UInt8] {
        (0..<20).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> UInt32(24 - $0 % 4 * 8)) }
    }

    /// RFC 3174 6.2 and 5: the schedule needs only its last sixteen words at a time, and each twenty rounds
    /// do another thing with three of the words, and have another constant.
    static func absorb(_ block: Block, into state: inout State) {
        var schedule = block
        var work = Work(a: state[0], b: state[1], c: state[2], d: state[3], e: state[4])
        for round in 0..<16 { work.step(work.d ^ work.b & (work.c ^ work.d), 0x5A82_7999, schedule[round]) }
        for round in 16..<20 {
            work.step(work.d ^ work.b & (work.c ^ work.d), 0x5A82_7999, mix(&schedule, round))
        }
        for round in 20..<40 { work.step(work.b ^ work.c ^ work.d, 0x6ED9_EBA1, mix(&schedule, round)) }
        for round in 40..<60 {
            work.step(work.b & work.c | work.d & (work.b | work.c), 0x8F1B_BCDC, mix(&schedule, round))
        }
        for round in 60..<80 { work.step(work.b ^ work.c ^ work.d, 0xCA62_C1D6, mix(&schedule, round)) }
        state[0] &+= work.a
        state[1] &+= work.b
        state[2] &+= work.c
        state[3] &+= work.d
        state[4] &+= work.e
    }

    /// The five words that a block is worked into, in registers.
    private struct Work {
        var a: UInt32
        var b: UInt32
        var c: UInt32
        var d: UInt32
        var e: UInt32

        @inline(__always)
        mutating func step(_ combined: UInt32, _ constant: UInt32, _ word: UInt32) {
            let sum = SHA1.rotated(a, by: 5) &+ combined &+ e &+ constant &+ word
            (a, b, c, d, e) = (sum, a, SHA1.rotated(b, by: 30), c, d)
        }
    }

    @inline(__always)
    private static func mix(_ schedule: inout Block, _ round: Int) -> UInt32 {
        let mixed =
            schedule[(round + 13) & 15] ^ schedule[(round + 8) & 15] ^ schedule[(round + 2) & 15]
            ^ schedule[round & 15]
        schedule[round & 15] = rotated(mixed, by: 1)
        return schedule[round & 15]
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}

/// Base64 with padding: RFC 4648 4.
enum Base64 {
    static let pad = UInt8(ascii: "=")

    /// The text of some bytes. O(n).
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes the text of some bytes. O(n).
    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
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
    }

    /// Whether a character stands for six bits.
    static func isDigit(_ character: UInt8) -> Bool { value(character) != nil }

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
