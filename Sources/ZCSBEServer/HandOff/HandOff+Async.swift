extension HandOff: AsyncSequence {
    /// Takes one element after another; many at once from the queue, so that its lock is seldom needed.
    ///
    /// Ends when the queue was finished and is empty, or the task is cancelled. One iterator at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private static var limit: Int { 256 }
        private let handOff: HandOff
        private var taken: [Element] = []
        private var next = 0

        init(_ handOff: HandOff) { self.handOff = handOff }

        /// The next element, as soon as there is one; nil at the end.
        public mutating func next() async -> Element? {
            if next == taken.count {
                taken.removeAll(keepingCapacity: true)
                next = 0
                guard await handOff.takeAsync(into: &taken, limit: Self.limit) else { return nil }
            }
            next += 1
            return taken[next - 1]
        }
    }

    /// Begins to take.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}
