import Testing

@testable import ZCNet

struct HistogramTests {
    @Test func everyValueFallsIntoABucketThatHoldsIt() {
        var last = -1
        let large = (13..<40).flatMap { (exponent: Int) -> [Int] in
            let power = 1 << exponent
            return [power - 1, power, power + 1]
        }
        for value in Array(0..<5000) + large {
            let bucket = Histogram.bucket(of: value)
            #expect(bucket >= 0 && bucket < Histogram.buckets)
            #expect(value < Histogram.upperBound(of: bucket))
            if bucket > 0 { #expect(value >= Histogram.upperBound(of: bucket - 1)) }
            #expect(bucket >= last)
            last = bucket
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func quantilesAreNearTheExactOnes(seed: UInt64) {
        var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        let histogram = Histogram()
        let values = (0..<20_000).map { _ -> Int in
            let shift = 24 + random.next() % 30
            return Int(random.next() >> shift) & 0x7F_FFFF_FFFF
        }
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == values.count)
        #expect(snapshot.sum == values.reduce(0, +))
        for fraction in [0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let rank = Int((fraction * Double(sorted.count)).rounded(.up))
            let exact = sorted[max(0, rank - 1)]
            let estimate = snapshot.quantile(fraction)
            #expect(estimate >= exact, "seed \(seed), \(fraction)")
            #expect(Double(estimate) <= Double(exact) * 1.0625 + 1, "seed \(seed), \(fraction)")
        }
    }

    @Test func extremesAreKept() {
        let histogram = Histogram()
        histogram.record(-5)
        histogram.record(Int.max)
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 2)
        #expect(snapshot.quantile(0.5) == 0)
        #expect(snapshot.quantile(1) >= 1 << 40 - 1)
        #expect(HistogramSnapshot(counts: [0, 0], sum: 0).quantile(0.5) == 0)
    }

    @Test func mergingAddsUp() {
        let (first, second, both) = (Histogram(), Histogram(), Histogram())
        for value in 0..<1000 {
            (value % 3 == 0 ? first : second).record(value * value)
            both.record(value * value)
        }
        #expect(first.snapshot().merged(with: second.snapshot()) == both.snapshot())
    }
}

struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
