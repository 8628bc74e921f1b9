import Testing
import ZCNetTesting

@testable import ZCNet

/// What waits in order: nothing is lost, and what was taken is kept nowhere.
@Suite struct BacklogTests {
    private final class Held {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func whatWasTakenIsLetGo() {
        var line = Backlog<Held>()
        for number in 0..<3 { line.append(Held(number)) }
        weak let first = line.popFirst()
        #expect(first == nil, "the line kept what was taken")
        #expect(line.count == 2)
        #expect(line.popFirst()?.number == 1)
    }

    /// The adversary: whoever takes is always one behind, so that the line is never empty.
    @Test func aLineThatIsNeverEmptyDoesNotGrow() {
        var line = Backlog<Int>()
        line.append(0)
        for number in 1...100_000 {
            line.append(number)
            #expect(line.popFirst() == number - 1)
            if line.placesCount > 256 { break }
        }
        #expect(line.placesCount <= 256)
    }

    @Test func itIsAsAnArrayWouldBe() {
        var random = SimulatedRandom(seed: 7)
        var line = Backlog<Int>()
        var naive: [Int] = []
        for step in 0..<20_000 {
            // Now mostly growing, now mostly shrinking.
            let grows = (step / 2_000).isMultiple(of: 2)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<(grows ? 6 : 3):
                line.append(step)
                naive.append(step)
            case 9 where !naive.isEmpty:
                line.putBack(-step)
                naive.insert(-step, at: 0)
            default: #expect(line.popFirst() == (naive.isEmpty ? nil : naive.removeFirst()))
            }
            #expect(line.count == naive.count && line.isEmpty == naive.isEmpty)
        }
    }
}
