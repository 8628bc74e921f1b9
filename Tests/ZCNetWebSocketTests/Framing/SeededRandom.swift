/// Random numbers that a seed repeats (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// UTF-8 in runs of one width each, cut off (perhaps within a character) at a length.
    mutating func text(bytes count: Int) -> [UInt8] {
        let widths: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var result: [UInt8] = []
        while result.count < count {
            let width = widths[Int.random(in: 0..<widths.count, using: &self)]
            for _ in 0..<Int.random(in: 1...40, using: &self) {
                guard let scalar = Unicode.Scalar(UInt32.random(in: width, using: &self)) else { continue }
                result.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
        return Array(result.prefix(count))
    }
}
