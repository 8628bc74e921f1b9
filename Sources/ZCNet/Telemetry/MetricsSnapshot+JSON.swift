extension MetricsSnapshot {
    /// The figures as one JSON object, in the manner of a `/varz` page: flat sums, then an object per loop.
    public func json() -> String {
        let sums = FigureValues<Metric> { self[$0] }.json
        let perLoop = loops.map { "{" + ([$0.values.json] + Self.quantiles($0)).joined(separator: ",") + "}" }
        return "{" + sums + ",\"loops\":[" + perLoop.joined(separator: ",") + "]}"
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
