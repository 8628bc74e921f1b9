import Testing

@testable import ZCNet

/// Numbers of loops: one behind the other in a group, nobody else's meanwhile, and used again with care.
@Suite struct LoopNumbersTests {
    private typealias Ledger = LoopNumbers.Ledger

    private func take(_ count: Int, _ ledger: Locked<Ledger>) throws -> LoopNumbers {
        try #require(LoopNumbers(count: count, of: ledger))
    }

    @Test func groupsShareNoNumber() throws {
        let ledger = Locked(Ledger(countMax: 100))
        let groups = try [3, 1, 4].map { try take($0, ledger) }
        #expect(groups.map { $0[0] } == [0, 3, 4] && groups[2][3] == 7)
    }

    @Test func numbersRestUntilAllWereUsed() throws {
        let ledger = Locked(Ledger(countMax: 8))
        var seen: [Int] = []
        for _ in 0..<16 { seen.append(try take(1, ledger)[0]) }
        #expect(seen == Array(0..<8) + Array(0..<8))
    }

    @Test func numbersInARowAreFoundAroundThoseInUse() throws {
        let ledger = Locked(Ledger(countMax: 8))
        let first = try take(3, ledger)
        var second: LoopNumbers? = try take(2, ledger)
        let third = try take(2, ledger)
        #expect(second?[0] == 3)
        second = nil
        #expect(LoopNumbers(count: 3, of: ledger) == nil, "3, 4 and 7 are free, not three in a row")
        let last = try take(1, ledger)
        let fourth = try take(2, ledger)
        #expect(last[0] == 7 && fourth[0] == 3)
        #expect(LoopNumbers(count: 1, of: ledger) == nil)
        withExtendedLifetime((first, third)) {}
    }

    @Test func aNumberUsedAgainGoesOnCountingGenerations() throws {
        let ledger = Locked(Ledger(countMax: 2))
        do {
            let numbers = try take(2, ledger)
            #expect([0, 1].map(numbers.firstGeneration) == [1, 1])
            numbers.setNextGeneration(7, ofLoop: 1)
        }
        let numbers = try take(2, ledger)
        #expect([0, 1].map(numbers.firstGeneration) == [1, 7])
    }

    @Test func theProcessHasNumbersForManyGroups() throws {
        #expect(LoopNumbers(count: LoopNumbers.countMax + 1) == nil)
        let groups = try (0..<50).map { _ in try #require(LoopNumbers(count: 2)) }
        #expect(Set(groups.flatMap { [$0[0], $0[1]] }).count == 100)
    }
}
