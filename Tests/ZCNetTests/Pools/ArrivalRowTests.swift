import Testing
import ZCNetTesting

@testable import ZCNet

/// A queue, and a row of which most leave from the midst: what was taken is kept nowhere.
@Suite struct ArrivalRowTests {
    @Test func whatIsPutBackComesFirstAgainThoughTheRowWasCleared() {
        var row = ArrivalRow<Int>()
        for number in 0..<70 { row.append(number) }
        #expect(row.takeFirst() == 0 && row.takeFirst() == 1)
        #expect(row.isOvergrown() && row.isOvergrown(staying: 0) && !row.isOvergrown(staying: 3))
        row.clear { $0 % 10 != 0 }
        #expect(row.placeCount == 6 && !row.isOvergrown())
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

    private final class Held {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func whatWasTakenIsLetGo() {
        var row = ArrivalRow<Held>()
        for number in 0..<3 { row.append(Held(number)) }
        weak let first = row.takeFirst()
        #expect(first == nil, "the row kept what was taken")
        #expect(row.count == 2)
        #expect(row.takeFirst()?.number == 1)
    }

    /// The adversary: whoever takes is always one behind, so that the row is never empty.
    @Test func aRowThatIsNeverEmptyDoesNotGrow() {
        var row = ArrivalRow<Int>()
        row.append(0)
        for number in 1...100_000 {
            row.append(number)
            #expect(row.takeFirst() == number - 1)
            if row.placeCount > 256 { break }
        }
        #expect(row.placeCount <= 256)
    }

    @Test func itIsAsAnArrayWouldBe() {
        var random = SimulatedRandom(seed: 7)
        var row = ArrivalRow<Int>()
        var naive: [Int] = []
        for step in 0..<20_000 {
            // Now mostly growing, now mostly shrinking.
            let grows = (step / 2_000).isMultiple(of: 2)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<(grows ? 6 : 3):
                row.append(step)
                naive.append(step)
            case 9 where !naive.isEmpty:
                row.putBack(-step)
                naive.insert(-step, at: 0)
            default: #expect(row.takeFirst() == (naive.isEmpty ? nil : naive.removeFirst()))
            }
            #expect(row.count == naive.count && row.isEmpty == naive.isEmpty)
        }
    }
}
