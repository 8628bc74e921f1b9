import Glibc

/// Contenders measured in turn, round by round, so that a change of the machine's mood meets all of them.
///
/// ```swift
/// let figures = Measurement.interleaved(rounds: 9, ["pool": { runPool() }, "malloc": { runMalloc() }])
/// let ratio = figures.ratio("malloc", to: "pool")
/// ```
public struct Measurement: Sendable {
    /// The contenders, in the order of their turns.
    public let names: [String]
    /// What each round came to, contender by contender.
    public let rounds: [[Double]]

    /// Runs the contenders so many rounds; each answers its figure. One round before is for warming up.
    public static func interleaved(
        rounds count: Int, _ contenders: KeyValuePairs<String, () -> Double>
    ) -> Measurement {
        for (_, run) in contenders { _ = run() }
        let rounds = (0..<count).map { _ in contenders.map { $0.value() } }
        return Measurement(names: contenders.map(\.key), rounds: rounds)
    }

    /// The middle of a contender's figures.
    public subscript(name: String) -> Double { median(column(name)) }

    /// The middle of the ratios of one contender to another within each round.
    public func ratio(_ name: String, to other: String) -> Double {
        median(zip(column(name), column(other)).map { $0 / $1 })
    }

    /// The least of these ratios.
    public func leastRatio(_ name: String, to other: String) -> Double {
        zip(column(name), column(other)).map { $0 / $1 }.min() ?? .nan
    }

    private func column(_ name: String) -> [Double] {
        guard let index = names.firstIndex(of: name) else { return [] }
        return rounds.map { $0[index] }
    }
}

/// The middle value of several repetitions.
public func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

/// Nanoseconds of the monotonic clock.
public func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Nanoseconds that this thread has had of a processor: what others do on the machine is left out.
public func processorNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// What a body takes of this thread's processor time per operation, in nanoseconds.
public func processorNanoseconds(per operations: Int, _ body: () throws -> Void) rethrows -> Double {
    let begin = processorNanoseconds()
    try body()
    return Double(processorNanoseconds() - begin) / Double(operations)
}

/// What a body takes per operation, in nanoseconds.
public func nanoseconds(per operations: Int, _ body: () -> Void) -> Double {
    let begin = monotonicNanoseconds()
    body()
    return Double(monotonicNanoseconds() - begin) / Double(operations)
}
