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
