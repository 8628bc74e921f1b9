import Testing

@testable import ZCNet

/// A row of which most leave from the midst.
@Suite struct ArrivalRowTests {
    @Test func whatIsPutBackComesFirstAgainThoughTheRowWasCleared() {
        var row = ArrivalRow<Int>()
        for number in 0..<70 { row.append(number) }
        #expect(row.takeFirst() == 0 && row.takeFirst() == 1)
        #expect(row.isOvergrown(staying: 0) && !row.isOvergrown(staying: 3))
        row.clear { $0 % 10 != 0 }
        #expect(row.placeCount == 6)
        row.putBack(1)
        row.putBack(0)
        var rest: [Int] = []
        while let next = row.takeFirst() { rest.append(next) }
        #expect(rest == [0, 1, 10, 20, 30, 40, 50, 60])
    }

    @Test func whatIsPutBackTakesNoPlaceOfItsOwn() {
        var row = ArrivalRow<Int>()
        for number in 0..<5 { row.append(number) }
        for _ in 0..<3 { if let taken = row.takeFirst() { row.putBack(taken) } }
        #expect(row.takeFirst() == 0 && row.takeFirst() == 1 && row.placeCount == 5)
    }
}
