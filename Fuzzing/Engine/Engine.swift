import Glibc
import ZCNet

/// Runs one target for a time: its corpus first, then new inputs and mutations of those of interest.
struct Engine {
    let target: any FuzzTarget
    let files: FuzzFiles
    private let mutator: Mutator
    private var random: FuzzRandom
    private var pool: [[UInt8]] = []
    private var outcomes: Set<String> = []
    private(set) var iterations = 0
    /// The most processor time that an input took.
    private(set) var slowest = Duration.zero

    /// What is kept for mutation at most.
    private static let poolMax = 4000
    /// No input of these sizes may take so much of the processor: whatever is not linear does soon.
    private static let patience = Duration.seconds(2)
    /// Nor may one hold the program for so long: the timer's signal ends it, and its input is on disk.
    private static let hangSeconds = 30

    init(_ target: any FuzzTarget, files: FuzzFiles, seed: UInt64) {
        self.target = target
        self.files = files
        mutator = Mutator(words: target.words, bytesMax: target.bytesMax)
        random = FuzzRandom(seed: seed)
    }

    /// How many different outcomes there were.
    var outcomeCount: Int { outcomes.count }

    /// - Throws: what did not hold; the input is in the file that `files` names.
    mutating func run(for duration: Duration) throws {
        for input in try files.corpus(of: target.name) { try attempt(input) }
        for _ in 0..<16 { try attempt(target.make(&random)) }
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            for _ in 0..<32 { try attempt(next()) }
        }
        Self.limitProcessorTime(0)
    }

    private mutating func next() -> [UInt8] {
        if random.oneIn(4) { return target.make(&random) }
        return mutator.mutate(random.pick(pool), with: random.pick(pool), &random)
    }

    private static var processorTime: Duration {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Lets the kernel end the program after so many seconds of the processor; 0 lets it be.
    private static func limitProcessorTime(_ seconds: Int) {
        var limit = itimerval()
        limit.it_value.tv_sec = seconds
        _ = unsafe setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    }

    private mutating func attempt(_ input: [UInt8]) throws {
        if iterations % 64 == 0 { Self.limitProcessorTime(Self.hangSeconds) }
        iterations += 1
        files.remember(input)
        let begin = Self.processorTime
        let outcome = try target.check(input)
        let took = Self.processorTime - begin
        slowest = max(slowest, took)
        try expect(took < Self.patience, "an input of \(input.count) bytes took \(took)")
        if pool.isEmpty || outcomes.insert(outcome).inserted {
            if pool.count < Self.poolMax { pool.append(input) }
        }
    }
}
