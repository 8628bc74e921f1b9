/// The one source of chance in a simulation: SplitMix64, so that a seed names a whole run.
package struct SimulatedRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// True with the given probability. Draws nothing where the answer is certain.
    mutating func happens(_ probability: Double) -> Bool {
        if probability <= 0 { return false }
        return Double(next() >> 11) * 0x1p-53 < probability
    }

    /// A number up to `limit`: small ones are as frequent as large ones, because edges lie at both ends.
    mutating func size(upTo limit: Int) -> Int {
        if limit <= 1 { return limit }
        switch next() & 3 {
        case 0: return 1
        case 1: return Int.random(in: 1...min(limit, 16), using: &self)
        default: return Int.random(in: 1...limit, using: &self)
        }
    }
}
