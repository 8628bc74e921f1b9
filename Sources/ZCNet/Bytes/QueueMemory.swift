import Synchronization

/// Memory that queues between a loop and other threads hold for the loop's connections: what a consumer has
/// not taken yet, what waits to be merged with more.
///
/// The loop's books are plain integers of its own thread, and such memory is taken and let go of on any. So
/// it is counted here, and the loop enters the difference into its books: at the end of each turn, and
/// wherever it looks for memory.
///
/// **Threads.** Any. The figure may lag by what other threads are doing at the moment.
package final class QueueMemory: Sendable {
    private let held = Atomic<Int>(0)
    /// What the loop may hold in all.
    private let bytesMax: Int
    /// What can be done without has to stay below this share of it.
    private static let spareShare = 4

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What is held.
    package var bytes: Int { held.load(ordering: .relaxed) }

    /// Whether what waits only for its own convenience should wait no longer.
    package var isCrowded: Bool { bytes > bytesMax / Self.spareShare }

    fileprivate func add(_ count: Int) { held.add(count, ordering: .relaxed) }

    /// What one queue holds of it. Whatever is left goes out of the books with the account, so whoever keeps
    /// the memory alive keeps the account.
    package final class Account: Sendable {
        package let memory: QueueMemory
        private let held = Atomic<Int>(0)

        /// Opens an account with so many bytes in it.
        package init(_ memory: QueueMemory, _ count: Int = 0) {
            self.memory = memory
            add(count)
        }

        deinit { memory.add(-bytes) }

        /// What the queue holds.
        package var bytes: Int { held.load(ordering: .relaxed) }

        /// Enters bytes; negative ones are gone.
        package func add(_ count: Int) {
            held.add(count, ordering: .relaxed)
            memory.add(count)
        }
    }
}
