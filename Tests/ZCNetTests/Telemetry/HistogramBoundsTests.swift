import Testing

@testable import ZCNet
@testable import ZCNetTesting

@Suite struct HistogramBoundsTests {
    private func snapshot(_ values: [Int]) -> HistogramSnapshot {
        let histogram = Histogram()
        for value in values { histogram.record(value) }
        return histogram.snapshot()
    }

    @Test func bucketsAdjoinAndAreNarrow() {
        var lower = 0
        for bucket in 0..<Histogram.buckets {
            let upper = Histogram.upperBound(of: bucket)
            #expect(upper > lower)
            #expect(Histogram.bucket(of: lower) == bucket && Histogram.bucket(of: upper - 1) == bucket)
            #expect(lower < 16 ? upper == lower + 1 : (upper - lower) * 16 <= lower, "bucket \(bucket)")
            lower = upper
        }
        #expect(lower == 1 << 40)
    }

    @Test func anEmptyOneHasNoQuantiles() {
        let empty = snapshot([])
        #expect(empty.count == 0 && empty.sum == 0)
        #expect(empty.quantile(0) == 0 && empty.quantile(0.5) == 0 && empty.quantile(1) == 0)
    }

    @Test func valuesOutsideCountAsTheNearestInside() {
        let ends = snapshot([.min, -1, 0, 1 << 40, .max])
        #expect(ends.count == 5)
        #expect(ends.quantile(0.6) == 0 && ends.quantile(0.61) == 1 << 40 - 1)
        #expect(ends.sum == 2 * ((1 << 40) - 1))
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func quantilesAreAtMostASixteenthTooLarge(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        let values = (0..<5000).map { _ in random.value(kind: seed % 3) }
        let sorted = values.sorted()
        let histogram = snapshot(values)
        #expect(histogram.count == values.count && histogram.sum == values.reduce(0, +))
        for thousandths in 0...1000 {
            let fraction = Double(thousandths) / 1000
            let rank = max(1, Int((fraction * Double(values.count)).rounded(.up)))
            let exact = sorted[rank - 1]
            let estimate = histogram.quantile(fraction)
            #expect(
                estimate >= exact && (estimate - exact) * 16 <= exact, "seed \(seed), \(thousandths)/1000")
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func cumulativeCountsAreExact(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        let values = (0..<2000).map { _ in random.value(kind: seed % 3) }
        let cumulative = snapshot(values).cumulative
        #expect(cumulative.map(\.bound) == (0...40).map { (1 << $0) - 1 })
        for (bound, count) in cumulative {
            #expect(count == values.count { $0 <= bound }, "seed \(seed), bound \(bound)")
        }
    }

    @Test func mergingIsRecordingBoth() {
        var random = SimulatedRandom(seed: 21)
        let left = (0..<1000).map { _ in random.value(kind: 0) }
        let right = (0..<3000).map { _ in random.value(kind: 1) }
        #expect(snapshot(left).merged(with: snapshot(right)) == snapshot(left + right))
        #expect(snapshot(left).merged(with: snapshot([])) == snapshot(left))
    }

    @Test func misuseIsTrapped() async {
        await #expect(processExitsWith: .failure) { _ = Histogram().snapshot().quantile(1.01) }
    }
}

extension SimulatedRandom {
    /// Small numbers, any magnitude, or latencies with a long tail.
    fileprivate mutating func value(kind: UInt64) -> Int {
        switch kind {
        case 0: Int(next() % 200)
        case 1: Int(next() >> (24 + next() % 40))
        default: 1000 + Int(next() % 9000) * (next() % 100 == 0 ? 1000 : 1)
        }
    }
}
