import BenchmarkSupport

/// One of ours beside what one would write without it.
struct Comparison {
    let what: String
    /// Nanoseconds.
    let ours: Double
    let beside: String
    /// Nanoseconds of what stands beside.
    let its: Double
    /// Theirs to ours: the median of the pairs, where they were measured in turn.
    let ratio: Double

    init(_ what: String, ours: Double, beside: String, its: Double, ratio: Double? = nil) {
        self.what = what
        self.ours = ours
        self.beside = beside
        self.its = its
        self.ratio = ratio ?? its / ours
    }

    /// Of contenders measured in turn.
    init(_ what: String, _ measured: Measurement, ours: String, beside: String) {
        self.init(
            what, ours: measured[ours], beside: beside, its: measured[beside],
            ratio: measured.ratio(beside, to: ours))
    }

    var row: [Cell] { [.text(what), .number(ours), .text(beside), .number(its), .number(ratio)] }

    static let columns = ["what", "ours ns", "beside", "its ns", "ratio"]
}

/// Keeps a result from being optimised away.
@inline(never) @_optimize(none)
func blackHole(_ value: Int) {}
