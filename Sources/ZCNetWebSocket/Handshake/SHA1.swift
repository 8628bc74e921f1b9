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
