extension MetricsSnapshot {
    /// The figures as one JSON object, in the manner of a `/varz` page: flat sums, then an object per loop.
    public func json() -> String {
        let sums = Metric.allCases.map { "\"\($0)\":\(self[$0])" }
        let perLoop = loops.map { loop in
            "{"
                + (Metric.allCases.map { "\"\($0)\":\(loop[$0])" } + Self.quantiles(loop)).joined(
                    separator: ",") + "}"
        }
        return "{" + sums.joined(separator: ",") + ",\"loops\":[" + perLoop.joined(separator: ",") + "]}"
    }

    private static func quantiles(_ loop: LoopSnapshot) -> [String] {
        let histograms = [
            ("completionsPerTurn", loop.completionsPerTurn),
            ("callbackNanoseconds", loop.callbackNanoseconds),
        ]
        return histograms.map { name, histogram in
            let quantiles = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)].map {
                "\"\($0.0)\":\(histogram.quantile($0.1))"
            }
            let parts = ["\"count\":\(histogram.count)", "\"sum\":\(histogram.sum)"] + quantiles
            return "\"\(name)\":{" + parts.joined(separator: ",") + "}"
        }
    }
}
