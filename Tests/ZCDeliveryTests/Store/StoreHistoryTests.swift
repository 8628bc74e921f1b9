import StoreSimulation
import Testing

/// Histories of a store on a disk that does all that disks do, each from a seed. `Scripts/store-histories`
/// plays as many as you like, and replays one that is named here.
@Suite struct StoreHistoryTests {
    @Test(arguments: 0..<3 as Range<UInt64>)
    func noHistoryBreaksAPromise(_ part: UInt64) {
        for seed in part * 400 + 1...part * 400 + 400 {
            do throws(StoreViolation) { try StoreHistory(seed: seed).run() } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
    }

    /// The disk and the ledger have the power to find a store that leaves something out.
    @Test(arguments: StoreVariant.broken.map(\.name))
    func aStoreThatLeavesSomethingOutIsFound(_ name: String) throws {
        let variant = try #require(StoreVariant.broken.first { $0.name == name })
        let seed = (1...2000 as ClosedRange<UInt64>).first { seed in
            do throws(StoreViolation) {
                try StoreHistory(seed: seed).run(on: variant)
                return false
            } catch { return true }
        }
        let found = try #require(seed, "not found in 2000 histories")
        // And what is found is told in few steps.
        let history = StoreHistory(seed: found)
        let shortest = history.minimised { candidate in
            (try? candidate.run(on: variant)) == nil
        }
        #expect(shortest.steps.count <= history.steps.count && (try? shortest.run(on: variant)) == nil)
    }
}
