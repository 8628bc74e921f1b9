import ClusterSimulation
import Testing

/// Lives of a cluster in which everything goes wrong, each from a seed, and what must hold after all of it.
@Suite struct ClusterHistoryTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func noHistoryBreaksAPromise(_ part: UInt64) throws {
        for seed in part * 5 + 1...part * 5 + 5 {
            let run = try ClusterRun(seed: seed)
            let violations = try run.run()
            #expect(violations.isEmpty, "seed \(seed): \(violations)\n\(run.trace.joined(separator: "\n"))")
        }
    }

    /// The simulation and the checker have the power to find what is left out.
    @Test(arguments: ClusterVariant.broken)
    func whatIsLeftOutIsFound(_ variant: ClusterVariant) throws {
        let found = try variant.found(within: 1...60)
        #expect(found != nil, "\(variant.rawValue): not found in 60 histories")
    }

    /// A seed is a whole history: played again, it is the same.
    @Test func aHistoryCanBePlayedAgain() throws {
        let first = try ClusterRun(seed: 5)
        let second = try ClusterRun(seed: 5)
        #expect(try first.run() == second.run() && first.trace == second.trace)
        #expect(!first.trace.isEmpty)
    }
}
