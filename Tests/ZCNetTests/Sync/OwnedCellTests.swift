import Testing

@testable import ZCNet

@Suite struct OwnedCellTests {
    private final class Counter {
        var ends = 0
    }

    private struct Guest: ~Copyable {
        let counter: Counter
        var number = 0

        deinit { counter.ends += 1 }
    }

    @Test func aValueEndsOnceWithTheCellOrBefore() {
        let counter = Counter()
        do {
            let cell = OwnedCell(Guest(counter: counter))
            cell[].number += 2
            #expect(cell[].number == 2 && cell.place[].number == 2 && counter.ends == 0)
        }
        #expect(counter.ends == 1)
        do {
            let cell = OwnedCell<Guest>()
            cell.empty()
            cell.fill(Guest(counter: counter))
            #expect(counter.ends == 1)
            cell.empty()
            cell.empty()
            #expect(counter.ends == 2)
            cell.fill(Guest(counter: counter))
        }
        #expect(counter.ends == 3)
    }
}
