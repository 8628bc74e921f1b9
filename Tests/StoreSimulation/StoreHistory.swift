import ZCNet
import ZCNetTesting

/// What happens to a store over several lives of its process: a list of steps made from a seed, so that one
/// that shows a fault can be played again, and made shorter.
package struct StoreHistory: CustomStringConvertible {
    package enum End: CaseIterable, Sendable {
        /// The process ends; the page cache stays.
        case process
        /// The power fails.
        case power
    }

    package enum Step: Sendable {
        /// One group of batches; large ones fill files, forged ones have messages that look like records.
        case append(batches: Int, isLarge: Bool, isForged: Bool)
        /// What is not known to be stored is appended again, with its identity.
        case retry
        case truncate(UInt64)
        case release(UInt64)
        /// Closed in good order.
        case close(End)
        /// So many operations later, and then again while it is opened.
        case end(End, after: Int, again: [Int])
        /// So many operations later, so many fail. The disk is full, or broken.
        case fail(after: Int, count: Int, isFull: Bool)
        case fallShort(Bool)
        case limits(batch: Int, segment: Int)
        /// From now on syncs do nothing, until the power fails.
        case lie
        /// Bits or a sector change while the store is closed.
        case decay(End, UInt64)
        /// A bit changes while the store is open.
        case decayWhileOpen(UInt64)
    }

    package let seed: UInt64
    package var steps: [Step]
    package let folder: String

    /// The history of a seed.
    package init(seed: UInt64) {
        self.seed = seed
        var random = SimulatedRandom(seed: seed)
        folder = random.next() % 4 == 0 ? "a/b/log" : "log"
        // What a history is about; each has one or two of the rarer things in it.
        let theme = random.next() % 8
        let isLarge = random.next() % 3 == 0
        steps = []
        for _ in 0..<Int(random.next() % 14) + 3 {
            steps.append(Self.step(theme, isLarge, &random))
            if theme == 7, steps.count == 4 { steps.append(.lie) }
        }
    }

    private static func step(_ theme: UInt64, _ isLarge: Bool, _ random: inout SimulatedRandom) -> Step {
        func number(_ limit: UInt64) -> Int { Int(random.next() % limit) }
        let end: End = number(2) == 0 ? .process : .power
        let append = Step.append(
            batches: number(4) + 1, isLarge: isLarge && number(3) != 0, isForged: theme == 4 && number(2) == 0
        )
        switch number(16) {
        case 0: return .retry
        case 1, 2:
            return .end(end, after: number(30) + 1, again: (0..<number(3)).map { _ in number(14) + 1 })
        case 3: return .close(end)
        case 4 where theme == 1, 5 where theme == 1, 4 where theme == 7, 5 where theme == 7:
            return .truncate(random.next())
        case 4 where theme == 2, 5 where theme == 2: return .release(random.next())
        case 4 where theme == 3, 5 where theme == 3, 6 where theme == 3:
            return .fail(after: number(12) + 1, count: number(4) + 1, isFull: number(2) == 0)
        case 4 where theme == 5, 5 where theme == 5:
            return number(3) == 0 ? .decayWhileOpen(random.next()) : .decay(end, random.next())
        case 4 where theme == 6, 5 where theme == 6:
            return .limits(batch: [1024, 16_384][number(2)], segment: [4096, 12_288][number(2)])
        case 7: return .fallShort(number(2) == 0)
        case 8 where theme != 5 && theme != 7:
            return .fail(after: number(20) + 1, count: 1, isFull: number(2) == 0)
        default: return append
        }
    }

    package var description: String {
        "seed \(seed), in \(folder):\n" + steps.map { "  \($0)\n" }.joined()
    }

    /// The shortest history found that shows a fault when this one does: steps are left out for as long as
    /// it still does.
    package func minimised(by shows: (StoreHistory) -> Bool) -> StoreHistory {
        var shortest = self
        var size = max(1, steps.count / 2)
        while true {
            var start = 0
            var isShorter = false
            while start < shortest.steps.count {
                var candidate = shortest
                candidate.steps.removeSubrange(start..<min(start + size, candidate.steps.count))
                if shows(candidate) {
                    shortest = candidate
                    isShorter = true
                } else {
                    start += size
                }
            }
            if size == 1 && !isShorter { return shortest }
            size = max(1, size / 2)
        }
    }
}

/// A promise that a store broke.
package struct StoreViolation: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
