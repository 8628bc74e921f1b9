/// UTF-8 straight from the table of RFC 3629 section 4, to compare with: slow, and nothing like the kernels.
struct NaiveUTF8: Hashable {
    /// What bytes come to.
    struct Verdict: Equatable {
        /// How many bytes there are before the first that no continuation could make right.
        var validBytes: Int
        /// Whether the text may end here. False after a wrong byte.
        var isComplete: Bool
    }

    /// The continuations that the open character still needs, as ranges; nil after a wrong byte.
    private(set) var expected: [ClosedRange<UInt8>]? = []

    /// False: the byte is wrong.
    mutating func feed(_ byte: UInt8) -> Bool {
        guard let open = expected else { return false }
        if let next = open.first {
            expected = next.contains(byte) ? Array(open.dropFirst()) : nil
        } else {
            expected = Self.continuations(after: byte)
        }
        return expected != nil
    }

    /// What the bytes come to after those fed.
    func verdict(on bytes: some Collection<UInt8>) -> Verdict {
        var automaton = self
        for (index, byte) in bytes.enumerated() where !automaton.feed(byte) {
            return Verdict(validBytes: index, isComplete: false)
        }
        return Verdict(validBytes: bytes.count, isComplete: automaton.expected == [])
    }

    /// The continuation bytes that a lead byte asks for; nil for a byte that leads nothing.
    private static func continuations(after lead: UInt8) -> [ClosedRange<UInt8>]? {
        let tail: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0x00...0x7F: return []
        case 0xC2...0xDF: return [tail]
        case 0xE0: return [0xA0...0xBF, tail]
        case 0xE1...0xEC, 0xEE...0xEF: return [tail, tail]
        case 0xED: return [0x80...0x9F, tail]
        case 0xF0: return [0x90...0xBF, tail, tail]
        case 0xF1...0xF3: return [tail, tail, tail]
        case 0xF4: return [0x80...0x8F, tail, tail]
        default: return nil
        }
    }
}
