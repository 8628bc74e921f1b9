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

    /// One figure.
    public subscript(metric: Metric) -> Int { values[metric] }

    /// Both loops together.
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
