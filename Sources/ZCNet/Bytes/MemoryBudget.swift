import Synchronization

/// The books of one loop's memory: what its connections hold at the moment, whichever layer holds it, and a
/// bound for all of it.
///
/// ```swift
/// guard budget.reserve(4096, for: .messages) else { return refuse() }
/// …                                               // allocate, use, free
/// budget.release(4096, for: .messages)
/// ```
/// Whoever makes a connection hold memory reserves it first, at the size of the allocation and not of what
/// lies in it, and releases it with the memory. What was promised by a peer is never reserved, only what
/// arrived. A reservation that does not fit asks ``relief``, which the loop's host fills in: it ends the
/// connections that hold most. What then still does not fit is refused, and the caller closes the
/// connection, or tells the sender.
///
/// **Ownership.** Whoever holds reserved memory keeps the budget alive.
///
/// **Threads.** The loop's only; plain integers.
///
/// **Complexity.** O(1) while there is room: two additions and a comparison.
@safe @usableFromInline
package final class MemoryBudget {
    /// Who holds memory, for figures and for those who check the books.
    @usableFromInline
    package enum Holder: Int, CaseIterable, Sendable {
        /// Buffers of the loop's pool: unread bytes, and output that was copied.
        case buffers
        /// Messages in progress in a protocol layer: gathered fragments, inflated bytes.
        case messages
        /// What compression keeps from message to message.
        case contexts
        /// Output that waits by reference, and the places of all that waits.
        case output
        /// Chunks that handlers retained a part of.
        case chunks
        /// What is kept of HTTP requests and responses while they are dealt with.
        case requests
        /// What queues to other threads hold, see `QueueMemory`.
        case queues
    }

    /// The books themselves, in plain memory so that a buffer can write to them without counting references.
    @frozen @usableFromInline
    package struct Books {
        @usableFromInline let bytesMax: Int
        @usableFromInline var bytes = 0
        /// The most that was held at a time.
        var bytesMost = 0
        var refusedCount = 0

        init(bytesMax: Int) { self.bytesMax = bytesMax }
    }

    // SAFETY: `@safe` because the pointees live exactly as long as the object, and all that write to them
    // hold it.
    @usableFromInline let books: UnsafeMutablePointer<Books>
    private let shares: UnsafeMutablePointer<Int>

    /// Makes room for so many bytes, on behalf of a connection that holds so many already and whose callback
    /// is running, at the cost of those that hold more. Nil refuses.
    package var relief: ((_ needed: Int, _ holding: Int) -> Void)?

    /// What protocol layers have promised to hold if they are asked to, compression contexts for example. Not
    /// part of the books before it is held.
    package var promisedBytes = 0

    /// Opens the books.
    ///
    /// - Precondition: `bytesMax >= 0`.
    package init(bytesMax: Int = .max) {
        precondition(bytesMax >= 0, "a negative bound")
        unsafe books = .allocate(capacity: 1)
        unsafe books.initialize(to: Books(bytesMax: bytesMax))
        unsafe shares = .allocate(capacity: Holder.allCases.count)
        unsafe shares.initialize(repeating: 0, count: Holder.allCases.count)
    }

    deinit {
        unsafe books.deallocate()
        unsafe shares.deallocate()
    }

    /// What may be held.
    package var bytesMax: Int { unsafe books.pointee.bytesMax }
    /// How many bytes are held.
    package var bytes: Int { unsafe books.pointee.bytes }
    /// The most that was held at a time, as far as the slow ways saw it.
    package var bytesMost: Int { unsafe max(books.pointee.bytesMost, books.pointee.bytes) }
    /// What is left; negative where what could not be refused went beyond.
    package var available: Int { unsafe books.pointee.bytesMax &- books.pointee.bytes }
    /// How many reservations were refused.
    package var refusedCount: Int { unsafe books.pointee.refusedCount }

    /// What one kind of holder has. The pool's buffers keep their own count.
    package subscript(holder: Holder) -> Int { unsafe shares[holder.rawValue] }

    /// Enters so many bytes more, or answers false where they do not fit.
    ///
    /// - Parameter holding: what the connection that asks has already; whoever has more goes first.
    package func reserve(_ count: Int, for holder: Holder, holding: Int = 0) -> Bool {
        if count > available && !makeRoom(count, holding: holding) { return false }
        charge(count, for: holder)
        return true
    }

    /// As `reserve`, but nobody has to make room.
    package func reserveIfFree(_ count: Int, for holder: Holder) -> Bool {
        guard count <= available else { return false }
        charge(count, for: holder)
        return true
    }

    /// Enters bytes that are there already; negative ones are gone.
    package func charge(_ count: Int, for holder: Holder) {
        unsafe books.pointee.bytes &+= count
        unsafe shares[holder.rawValue] &+= count
        unsafe books.pointee.bytesMost = unsafe max(books.pointee.bytesMost, books.pointee.bytes)
        unsafe assert(shares[holder.rawValue] >= 0, "more memory was released than was reserved")
    }

    /// Takes bytes out again.
    package func release(_ count: Int, for holder: Holder) { charge(-count, for: holder) }

    /// Makes room if that is possible; whether there is.
    package func makeRoom(_ count: Int, holding: Int) -> Bool {
        if count <= bytesMax { relief?(count, holding) }
        if count <= available { return true }
        unsafe books.pointee.refusedCount += 1
        return false
    }
}

@available(*, unavailable)
extension MemoryBudget: Sendable {}

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

    /// How many bytes are held.
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
