/// How often values of each size came: log-linear buckets, 16 per power of two, so no value is off by more
/// than 1/16.
///
/// ```swift
/// let latency = Histogram()
/// latency.record(nanoseconds)
/// let slow = latency.snapshot().quantile(0.999)
/// ```
/// Values are whole numbers below 2^40; larger ones count as the largest, negative ones as 0.
///
/// **Threads.** One writer at a time, any number of readers.
///
/// **Complexity.** Recording is O(1) and allocates nothing; a histogram takes 5 KiB, and a snapshot another.
public final class Histogram: Sendable {
    private static let subBits = 4
    private static let octaves = 40
    /// The first 16 values have a bucket each, then every power of two has 16.
    static let buckets = 16 + (octaves - subBits) * 16
    private let cells: MetricCells

    /// A histogram in which nothing was counted.
    public init() { cells = MetricCells(count: Self.buckets + 1) }

    deinit { cells.free() }

    /// Counts a value. The writer only.
    public func record(_ value: Int) {
        let value = min(max(value, 0), 1 << Self.octaves - 1)
        cells.add(1, to: Self.bucket(of: value))
        cells.add(value, to: Self.buckets)
    }

    /// The counts at this moment. Any thread; values recorded meanwhile are in it or not.
    public func snapshot() -> HistogramSnapshot {
        HistogramSnapshot(counts: (0..<Self.buckets).map { cells.read($0) }, sum: cells.read(Self.buckets))
    }

    static func bucket(of value: Int) -> Int {
        if value < 16 { return value }
        let octave = Int.bitWidth - 1 - value.leadingZeroBitCount
        return 16 + (octave - subBits) * 16 + (value >> (octave - subBits)) & 15
    }

    /// The smallest value of the next bucket, which is the least bound that holds for this one.
    static func upperBound(of bucket: Int) -> Int {
        if bucket < 16 { return bucket + 1 }
        let octave = (bucket - 16) / 16
        return (16 + (bucket & 15) + 1) << octave
    }
}

/// A histogram at one moment, as a value.
public struct HistogramSnapshot: Hashable, Sendable {
    let counts: [Int]
    /// The sum of all values, as far as they count as themselves.
    public let sum: Int

    init(counts: [Int], sum: Int) {
        self.counts = counts
        self.sum = sum
    }

    /// How many values were recorded.
    public var count: Int { counts.reduce(0, +) }

    /// A value that `fraction` of all values do not exceed, at most 1/16 too large; 0 when there are none.
    ///
    /// - Precondition: `fraction` is between 0 and 1.
    public func quantile(_ fraction: Double) -> Int {
        precondition((0...1).contains(fraction), "a fraction is between 0 and 1")
        let total = count
        if total == 0 { return 0 }
        let rank = max(1, Int((fraction * Double(total)).rounded(.up)))
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return Histogram.upperBound(of: bucket) - 1 }
        }
        return 0
    }

    /// What was counted in either.
    public func merged(with other: HistogramSnapshot) -> HistogramSnapshot {
        HistogramSnapshot(counts: zip(counts, other.counts).map(+), sum: sum + other.sum)
    }

    /// Counts up to and including each power of two, as expositions want them.
    var cumulative: [(bound: Int, count: Int)] {
        var result: [(bound: Int, count: Int)] = []
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            let bound = Histogram.upperBound(of: bucket)
            if bound & (bound - 1) == 0 { result.append((bound - 1, seen)) }
        }
        return result
    }
}
