import ZCNet
import ZCNetTesting

/// Random numbers that a seed repeats, and the draws that a fuzzer makes.
struct FuzzRandom: RandomNumberGenerator {
    private var source: SimulatedRandom

    init(seed: UInt64) { source = SimulatedRandom(seed: seed) }

    /// Numbers that follow from an input alone, so that a failing file needs no seed to fail again.
    init(of input: [UInt8]) {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in input { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        source = SimulatedRandom(seed: digest)
    }

    mutating func next() -> UInt64 { source.next() }

    /// 0 to `limit` - 1; 0 when that is empty.
    mutating func below(_ limit: Int) -> Int { limit <= 1 ? 0 : Int(next() % UInt64(limit)) }

    /// True once in so many times.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// A count up to `limit`: small ones are as frequent as large ones, for edges lie at both ends.
    mutating func size(upTo limit: Int) -> Int {
        switch below(4) {
        case 0: below(min(limit, 3) + 1)
        case 1: below(min(limit, 130) + 1)
        default: below(limit + 1)
        }
    }

    /// Where to cut `count` bytes: nowhere, everywhere, once, or in a few places. Rising, perhaps repeated.
    mutating func cuts(of count: Int) -> [Int] {
        switch below(6) {
        case 0: return Array(0...min(count, 600))
        case 1: return [below(count + 1)]
        case 2: return (0..<8).map { _ in count - below(min(count, 16) + 1) }.sorted()
        default: return (0..<below(10)).map { _ in below(count + 1) }.sorted()
        }
    }
}
