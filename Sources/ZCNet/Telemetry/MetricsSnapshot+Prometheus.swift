extension MetricsSnapshot {
    /// The figures in Prometheus' text format, version 0.0.4, one sample per loop.
    public func prometheusText() -> String {
        var text = ""
        var described: Set<String> = []
        for metric in Metric.allCases {
            let exposition = metric.exposition
            if described.insert(exposition.family).inserted {
                text += "# HELP \(exposition.family) \(exposition.help)\n"
                text += "# TYPE \(exposition.family) \(metric.kind.rawValue)\n"
            }
            for (index, loop) in loops.enumerated() {
                let labels = [("loop", "\(index)")] + [exposition.label].compactMap { $0 }
                let value = Self.number(loop[metric], divisor: exposition.divisor)
                text += "\(exposition.family){\(Self.render(labels))} \(value)\n"
            }
        }
        text += histogram(
            "zcnet_completions_per_turn", "Completions handled per turn of a loop.", divisor: 1,
            \.completionsPerTurn)
        text += histogram(
            "zcnet_callback_seconds", "Time taken by callbacks, while traced.", divisor: 1e9,
            \.callbackNanoseconds)
        return text
    }

    private func histogram(
        _ family: String, _ help: String, divisor: Double, _ path: KeyPath<LoopSnapshot, HistogramSnapshot>
    ) -> String {
        var text = "# HELP \(family) \(help)\n# TYPE \(family) histogram\n"
        for (index, loop) in loops.enumerated() {
            let histogram = loop[keyPath: path]
            for (bound, count) in histogram.cumulative {
                let labels = [("loop", "\(index)"), ("le", Self.number(bound, divisor: divisor))]
                text += "\(family)_bucket{\(Self.render(labels))} \(count)\n"
            }
            let all = Self.render([("loop", "\(index)"), ("le", "+Inf")])
            text += "\(family)_bucket{\(all)} \(histogram.count)\n"
            text += "\(family)_sum{loop=\"\(index)\"} \(Self.number(histogram.sum, divisor: divisor))\n"
            text += "\(family)_count{loop=\"\(index)\"} \(histogram.count)\n"
        }
        return text
    }

    private static func number(_ value: Int, divisor: Double) -> String {
        // Why a division: it gives the nearest number, 1.023e-06, where multiplying with 1e-9 would not.
        divisor == 1 ? "\(value)" : "\(Double(value) / divisor)"
    }

    static func render(_ labels: [(String, String)]) -> String {
        labels.map { "\($0.0)=\"\(escape($0.1))\"" }.joined(separator: ",")
    }

    /// The format's three escapes in label values.
    static func escape(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
