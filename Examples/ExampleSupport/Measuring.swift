import Glibc
import ZCNet

/// Now, in nanoseconds of a clock that never goes back.
public func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// A number with one digit behind the point.
public func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

extension HistogramSnapshot {
    /// A line of the quantiles of times in nanoseconds: `p50 12.3 us  p90 …  max …`.
    public var line: String {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)].map { name, fraction in
            "\(name) \(Self.time(quantile(fraction)))"
        }.joined(separator: "  ")
    }

    private static func time(_ nanoseconds: Int) -> String {
        if nanoseconds < 10_000_000 { return "\(tenths(Double(nanoseconds) / 1e3)) us" }
        return "\(tenths(Double(nanoseconds) / 1e6)) ms"
    }
}
