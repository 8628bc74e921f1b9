import LinkSimulation
import Testing
import ZCNet

/// Many short lives of links, each from a seed; `Scripts/link-histories` plays as many as one likes.
@Suite struct LinkHistoryTests {
    @Test(arguments: 0..<10) func nothingIsLostRepeatedOrTorn(block: UInt64) async throws {
        for seed in (block * 30)..<(block * 30 + 30) {
            let outcome = try await LinkHistory(seed: seed).run()
            #expect(outcome.complaints == [], "seed \(seed): \(outcome.lines)")
        }
    }

    /// The judge is worth what it finds.
    @Test(arguments: LinkFault.allCases) func aPlantedFaultIsFound(_ fault: LinkFault) async throws {
        #expect(try await fault.found(within: 1...400) != nil)
    }

    @Test func theSameSeedIsTheSameHistory() async throws {
        for seed in 0..<UInt64(30) {
            let first = try await LinkHistory(seed: seed).run()
            let second = try await LinkHistory(seed: seed).run()
            #expect(second == first, "seed \(seed)")
        }
    }
}
