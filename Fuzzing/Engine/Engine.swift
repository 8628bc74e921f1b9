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
    private(set) var slowest = Duration.zero

    /// What is kept for mutation at most.
    private static let poolMax = 4000
    /// No input of these sizes may take so long, whatever the machine does beside.
    private static let patience = Duration.seconds(5)
    /// Nor may one hold the program for so many seconds: the alarm ends it, and its input is on disk.
    private static let hangSeconds: UInt32 = 60

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
        alarm(0)
    }

    private mutating func next() -> [UInt8] {
        if random.oneIn(4) { return target.make(&random) }
        return mutator.mutate(random.pick(pool), with: random.pick(pool), &random)
    }

    private mutating func attempt(_ input: [UInt8]) throws {
        if iterations % 64 == 0 { alarm(Self.hangSeconds) }
        iterations += 1
        files.remember(input)
        let begin = ContinuousClock.now
        let outcome = try target.check(input)
        let took = begin.duration(to: .now)
        slowest = max(slowest, took)
        try expect(took < Self.patience, "an input of \(input.count) bytes took \(took)")
        if pool.isEmpty || outcomes.insert(outcome).inserted {
            if pool.count < Self.poolMax { pool.append(input) }
        }
    }
}
