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
    private var expected: ArraySlice<ClosedRange<UInt8>>? = []

    /// False: the byte is wrong.
    mutating func feed(_ byte: UInt8) -> Bool {
        guard let open = expected else { return false }
        if let next = open.first {
            expected = next.contains(byte) ? open.dropFirst() : nil
        } else {
            expected = Self.continuations[Int(byte)]
        }
        return expected != nil
    }

    /// What the bytes come to after those fed.
    func verdict(on bytes: some Collection<UInt8>) -> Verdict {
        var automaton = self
        var validBytes = 0
        for byte in bytes {
            guard automaton.feed(byte) else { return Verdict(validBytes: validBytes, isComplete: false) }
            validBytes += 1
        }
        return Verdict(validBytes: validBytes, isComplete: automaton.expected == [])
    }

    private static let tail: ClosedRange<UInt8> = 0x80...0xBF

    /// The continuation bytes that a lead byte asks for; nil for a byte that leads nothing.
    private static let continuations: [ArraySlice<ClosedRange<UInt8>>?] = (UInt8.min...UInt8.max).map {
        lead in
        switch lead {
        case 0x00...0x7F: []
        case 0xC2...0xDF: [tail]
        case 0xE0: [0xA0...0xBF, tail]
        case 0xE1...0xEC, 0xEE...0xEF: [tail, tail]
        case 0xED: [0x80...0x9F, tail]
        case 0xF0: [0x90...0xBF, tail, tail]
        case 0xF1...0xF3: [tail, tail, tail]
        case 0xF4: [0x80...0x8F, tail, tail]
        default: nil
        }
    }
}
