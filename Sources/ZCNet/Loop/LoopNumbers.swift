import Synchronization

/// The numbers of a group's loops: one behind the other, and no other loop's of the process as long as one of
/// the group's loops is there. They make the ids of connections differ between groups.
///
/// **Numbers are used again** once all 65,536 have been given out. The connections of a loop that gets a used
/// number go on counting generations where the earlier loop's ended, so that their ids are new as well.
///
/// **Threads.** Any.
package final class LoopNumbers: Sendable {
    /// How many there are.
    package static let countMax = 1 << 16

    private let range: Range<Int>
    private let ledger: Locked<Ledger>
    /// The generations that the next loops with these numbers begin with.
    private let generations: Locked<[UInt32]>

    private static let ofTheProcess = Locked(Ledger(countMax: countMax))

    /// Takes so many numbers; nil when no so many in a row are free.
    package convenience init?(count: Int) { self.init(count: count, of: Self.ofTheProcess) }

    /// - Parameter ledger: who has which number; a test's own, or the process's.
    init?(count: Int, of ledger: Locked<Ledger>) {
        guard let (range, generations) = ledger.withLock({ $0.take(count) }) else { return nil }
        self.range = range
        self.ledger = ledger
        self.generations = Locked(generations)
    }

    deinit {
        let generations = generations.withLock { $0 }
        ledger.withLock { $0.giveBack(range, generations) }
    }

    /// The number of the group's loop with this index.
    package subscript(index: Int) -> Int { range.lowerBound + index }

    /// The generation that the connections of the group's loop with this index begin with.
    package func firstGeneration(ofLoop index: Int) -> UInt32 { generations.withLock { $0[index] } }

    /// Says which generation comes behind all that a loop has used.
    package func setNextGeneration(_ generation: UInt32, ofLoop index: Int) {
        generations.withLock { $0[index] = generation }
    }

    /// Who has which number, and how far its connections have counted.
    struct Ledger {
        private let countMax: Int
        private var isTaken: [Bool] = []
        private var generations: [UInt32] = []
        /// Where the search begins: behind what was taken last, so that a number rests for as long as may be.
        private var cursor = 0

        init(countMax: Int) { self.countMax = countMax }

        mutating func take(_ count: Int) -> (Range<Int>, [UInt32])? {
            guard let start = run(of: count, in: cursor..<countMax) ?? run(of: count, in: 0..<countMax) else {
                return nil
            }
            let range = start..<(start + count)
            while isTaken.count < range.upperBound {
                isTaken.append(false)
                generations.append(1)
            }
            for number in range { isTaken[number] = true }
            cursor = range.upperBound
            return (range, Array(generations[range]))
        }

        mutating func giveBack(_ range: Range<Int>, _ next: [UInt32]) {
            for (number, generation) in zip(range, next) {
                isTaken[number] = false
                generations[number] = generation
            }
        }

        /// The first of so many free numbers in a row.
        private func run(of count: Int, in range: Range<Int>) -> Int? {
            var start = range.lowerBound
            var end = start
            while end < start + count {
                guard end < range.upperBound else { return nil }
                if end < isTaken.count && isTaken[end] { start = end + 1 }
                end += 1
            }
            return start
        }
    }
}
