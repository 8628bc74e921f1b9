import Glibc

/// Nanoseconds of the monotonic clock.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The middle value of several repetitions.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// One row of a result table.
func row(_ name: String, _ figures: [(label: String, value: Double)]) -> String {
    let padded = name + String(repeating: " ", count: max(1, 44 - name.count))
    return padded + figures.map { "\($0.label) \(hundredths($0.value))" }.joined(separator: "  ")
}

private func hundredths(_ value: Double) -> String {
    let scaled = Int((value * 100).rounded())
    let fraction = scaled % 100
    return "\(scaled / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}
