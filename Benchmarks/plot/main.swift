import BenchmarkSupport
import Foundation

// Prints a report that a benchmark has written as JSON, and draws its plots.
let options = ReportOptions()
guard let path = options.rest.first, options.rest.count == 1 else {
    print("usage: plot REPORT.json \(ReportOptions.usage)")
    exit(2)
}
do {
    try Report(json: Data(contentsOf: URL(fileURLWithPath: path))).publish(options)
} catch {
    print("plot: \(path): \(error)")
    exit(1)
}
