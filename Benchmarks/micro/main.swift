import BenchmarkSupport
import Glibc

// Micro-benchmarks by name; without a name, all of them. Each part of the library beside what one would write
// without it, measured in turn; ratios are medians of the pairs, above 1 where ours is faster.
let sections: [(name: String, title: String, run: (ReportOptions) -> [Comparison])] = [
    ("time", "Timers, 100,000 armed: schedule + cancel", timeBenchmarks),
    ("retries", "A million messages that await their acknowledgement: add + acknowledge", retryBenchmarks),
    ("table", "Finding a connection", tableBenchmarks),
    ("millions", "Ten million beside 100,000: how many times dearer", millionsBenchmarks),
    ("pools", "Pools", poolBenchmarks),
    ("rings", "A ring between two threads, per item", ringBenchmarks),
    ("bytes", "A ring of bytes: peek and discard", byteRingBenchmarks),
    ("frames", "WebSocket frames of 29 bytes", frameBenchmarks),
    ("websocket", "Passes over WebSocket payloads", webSocketKernelBenchmarks),
    ("goim", "goim protos of 32 bytes, pipelined: decode + handle", goimBenchmarks),
    ("goim-ring", "goim messages over TCP: to a consumer's thread, beside on the loop", goimRingBenchmarks),
    ("sbe", "SBE, messages one behind the other: every field, generated Swift beside C", sbeBenchmarks),
]
let options = ReportOptions()
#if Deflate
if options.rest == ["deflate"] {
    deflateReport(options).publish(options)
    exit(0)
}
#endif
var report = Report("micro", "The parts, each beside what one would write without it")
for section in sections where options.rest.isEmpty || options.rest.contains(section.name) {
    let comparisons = section.run(options)
    report.tables.append(
        Table(section.title, columns: Comparison.columns, rows: comparisons.map(\.row)))
    report.charts.append(
        Chart(
            section.title, .bars, yTitle: "how many times faster than what stands beside",
            x: comparisons.map { .text(shortened($0.what, $0.beside)) },
            series: [.init("ratio", comparisons.map(\.ratio))], isYLogarithmic: true))
}
report.publish(options)

/// A name that fits beside a bar.
func shortened(_ what: String, _ beside: String) -> String {
    let whole = "\(what) / \(beside)"
    return whole.count <= 36 ? whole : String(what.prefix(35))
}
