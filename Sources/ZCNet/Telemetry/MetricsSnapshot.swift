/// The figures of one loop at one moment.
public struct LoopSnapshot: Hashable, Sendable {
    let values: FigureValues<Metric>
    /// How many completions the loop handled per turn.
    public let completionsPerTurn: HistogramSnapshot
    /// How long callbacks took, in nanoseconds; empty unless a tracer is set.
    public let callbackNanoseconds: HistogramSnapshot

    init(
        values: FigureValues<Metric>, completionsPerTurn: HistogramSnapshot,
        callbackNanoseconds: HistogramSnapshot
    ) {
        self.values = values
        self.completionsPerTurn = completionsPerTurn
        self.callbackNanoseconds = callbackNanoseconds
    }

    /// The value of one figure.
    public subscript(metric: Metric) -> Int { values[metric] }

    /// The figures of two loops as those of one.
    public func merged(with other: LoopSnapshot) -> LoopSnapshot {
        LoopSnapshot(
            values: values.merged(with: other.values),
            completionsPerTurn: completionsPerTurn.merged(with: other.completionsPerTurn),
            callbackNanoseconds: callbackNanoseconds.merged(with: other.callbackNanoseconds))
    }
}

/// The figures of a group's loops at one moment, as a value: compare two for what happened in between, or
/// render one.
///
/// ```swift
/// let figures = server.snapshot()
/// print(figures[.connections], figures.loops[0][.bytesIn])
/// respond(figures.prometheusText())
/// ```
public struct MetricsSnapshot: Hashable, Sendable {
    /// Each loop's figures, by its index.
    public let loops: [LoopSnapshot]

    package init(loops: [LoopSnapshot]) { self.loops = loops }

    /// One figure, summed over the loops.
    public subscript(metric: Metric) -> Int { loops.reduce(0) { $0 + $1[metric] } }

    /// All loops together; nil for a group without loops.
    public var total: LoopSnapshot? {
        loops.first.map { loops.dropFirst().reduce($0) { $0.merged(with: $1) } }
    }
}

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

extension MetricsSnapshot {
    /// The figures in Prometheus' text format, version 0.0.4, one sample per loop.
    public func prometheusText() -> String {
        func perLoop<Value>(_ value: (LoopSnapshot) -> Value) -> [([PrometheusText.Label], Value)] {
            loops.enumerated().map { index, loop in ([("loop", "\(index)")], value(loop)) }
        }
        var page = PrometheusText()
        page.add(perLoop(\.values))
        page.add(
            "zcnet_completions_per_turn", "Completions handled per turn of a loop.", divisor: 1,
            perLoop(\.completionsPerTurn))
        page.add(
            "zcnet_callback_seconds", "Time taken by callbacks, while traced.", divisor: 1e9,
            perLoop(\.callbackNanoseconds))
        return page.text
    }
}

/// A page in Prometheus' text format, version 0.0.4, as it is written. Everything that the library exposes
/// goes through here.
package struct PrometheusText {
    /// A label of a sample.
    package typealias Label = (name: String, value: String)

    /// What was written so far.
    package private(set) var text = ""

    /// A page without any figures yet.
    package init() {}

    /// Every figure of a family, with a sample of each source. Figures of one name stand next to each other
    /// in the family, and are described once.
    package mutating func add<Family: FigureFamily>(
        _ sources: [(labels: [Label], values: FigureValues<Family>)]
    ) {
        var described = ""
        for figure in Family.allCases {
            let exposition = figure.exposition
            let name = Family.expositionPrefix + exposition.name
            if name != described {
                describe(name, exposition.help, type: figure.isGauge ? "gauge" : "counter")
                described = name
            }
            for (labels, values) in sources {
                sample(
                    name, labels + [exposition.label].compactMap { $0 },
                    Self.number(values[figure], divisor: exposition.divisor))
            }
        }
    }

    /// One figure that is of no family.
    package mutating func add(_ name: String, _ help: String, isGauge: Bool, _ value: Int) {
        describe(name, help, type: isGauge ? "gauge" : "counter")
        sample(name, [], "\(value)")
    }

    /// A counter for each value of a label.
    package mutating func add(_ name: String, _ help: String, by label: String, _ counts: [(String, Int)]) {
        describe(name, help, type: "counter")
        for (value, count) in counts { sample(name, [(label, value)], "\(count)") }
    }

    /// A histogram of each source.
    package mutating func add(
        _ name: String, _ help: String, divisor: Double,
        _ sources: [(labels: [Label], histogram: HistogramSnapshot)]
    ) {
        describe(name, help, type: "histogram")
        for (labels, histogram) in sources {
            for (bound, count) in histogram.cumulative {
                let le = Self.number(bound, divisor: divisor)
                sample(name + "_bucket", labels + [("le", le)], "\(count)")
            }
            sample(name + "_bucket", labels + [("le", "+Inf")], "\(histogram.count)")
            sample(name + "_sum", labels, Self.number(histogram.sum, divisor: divisor))
            sample(name + "_count", labels, "\(histogram.count)")
        }
    }

    private mutating func describe(_ name: String, _ help: String, type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: [Label], _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(Self.render(labels))} \(value)\n"
    }

    private static func number(_ value: Int, divisor: Double) -> String {
        // Why a division: it gives the nearest number, 1.023e-06, where multiplying with 1e-9 would not.
        divisor == 1 ? "\(value)" : "\(Double(value) / divisor)"
    }

    static func render(_ labels: [Label]) -> String {
        labels.map { "\($0.name)=\"\(escape($0.value))\"" }.joined(separator: ",")
    }

    /// The format's three escapes in label values.
    private static func escape(_ value: String) -> String {
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
