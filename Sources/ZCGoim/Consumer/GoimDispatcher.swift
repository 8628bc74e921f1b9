import Synchronization
import ZCNet

/// Threads that take the messages of many connections and may take their time.
///
/// ```swift
/// let dispatcher = try GoimDispatcher(threads: 4) { proto, replies in
///     let answer = database.store(proto.bytes)           // may block: only this thread waits
///     replies.reply(to: proto.header, answer.bytes)
/// }
/// ```
/// Messages of one connection are handled one after the other, in order; a connection that always has more
/// waits for the others after every 64. What is not answered is acknowledged.
///
/// **Threads.** Begun by `init`, ended by `finish`. `handle` is called on them; `add` and `finish` anywhere.
public final class GoimDispatcher: Sendable {
    /// How many messages of one connection are handled before the next one's.
    private static let burstMax = 64
    private let queues: [GoimWorkQueue<Entry>]
    private let threads: Locked<[PosixThread]>
    /// The connections that are served.
    private let entries: Entries
    private let next = Atomic<Int>(0)

    private typealias Entries = Locked<[ObjectIdentifier: Entry]>

    /// One connection. Its consumer is the worker's alone.
    ///
    /// SAFETY: `Sendable` is unchecked because of that.
    private final class Entry: @unchecked Sendable {
        var consumer: GoimConsumer?
        var replies: GoimReplies
        let doorbell: GoimDoorbell
        let isWaiting = Atomic<Bool>(false)

        init(_ consumer: consuming GoimConsumer) {
            doorbell = consumer.bell
            replies = consumer.makeReplies()
            self.consumer = consume consumer
        }
    }

    /// Starts so many threads.
    ///
    /// - Throws: ``/ZCNet/ConfigurationError`` for less than one or more than 1024;
    ///   ``/ZCNet/SystemError`` when a thread cannot be had.
    public init(
        threads count: Int, _ handle: @escaping @Sendable (borrowing GoimProto, inout GoimReplies) -> Void
    ) throws {
        try ConfigurationError.check("threads", count, in: 1...1024)
        let queues = (0..<count).map { _ in GoimWorkQueue<Entry>() }
        self.queues = queues
        let entries = Entries([:])
        self.entries = entries
        threads = Locked([])
        for (index, queue) in queues.enumerated() {
            do {
                let thread = try PosixThread(name: "goim-work-\(index)") {
                    while let work = queue.takeAll() {
                        for entry in work { Self.serve(entry, queue, entries, handle) }
                    }
                }
                threads.withLock { $0.append(thread) }
            } catch {
                finish()
                throw error
            }
        }
    }

    /// Takes a connection's messages from now on, until it ends.
    public func add(_ consumer: consuming GoimConsumer) {
        let entry = Entry(consumer)
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max
        let (queue, entries) = (queues[turn % queues.count], entries)
        entries.withLock { $0[ObjectIdentifier(entry)] = entry }
        entry.doorbell.setWaker { Self.schedule(entry, queue, entries) }
        // What came before the bell had somebody to wake.
        Self.schedule(entry, queue, entries)
    }

    /// Ends the threads behind what they have been given, waits for them, and closes the connections that are
    /// left. Not from one of the threads.
    public func finish() {
        for queue in queues { queue.finish() }
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
        let left = entries.withLock { Array($0.values) }
        for entry in left {
            Self.release(entry, entries)
            entry.consumer = nil
        }
    }

    private static func schedule(_ entry: Entry, _ queue: GoimWorkQueue<Entry>, _ entries: Entries) {
        if entry.isWaiting.exchange(true, ordering: .acquiringAndReleasing) { return }
        if !queue.add(entry) { release(entry, entries) }
    }

    /// Lets go of a connection: nobody is woken for it any more. With its last reference its consumer goes,
    /// which closes it.
    private static func release(_ entry: Entry, _ entries: Entries) {
        entry.doorbell.dropWaker()
        entries.withLock { $0[ObjectIdentifier(entry)] = nil }
    }

    private static func serve(
        _ entry: Entry, _ queue: GoimWorkQueue<Entry>, _ entries: Entries,
        _ handle: (borrowing GoimProto, inout GoimReplies) -> Void
    ) {
        // Why not a store: exchanging the mark for what a bell has left there makes what was set before the
        // bell visible; a bell that comes later finds the mark gone, and adds the entry again.
        _ = entry.isWaiting.exchange(false, ordering: .acquiringAndReleasing)
        let isLast = entry.doorbell.isFinished
        guard var consumer = entry.consumer.take() else { return }
        var handled = 0
        while handled < burstMax, take(&consumer, &entry.replies, handle) { handled += 1 }
        entry.replies.flush()
        if handled < burstMax && isLast {
            // `consumer` ends here: the connection is over already.
            return release(entry, entries)
        }
        entry.consumer = consume consumer
        if handled == burstMax { schedule(entry, queue, entries) }
    }

    /// One message; false when there is none.
    private static func take(
        _ consumer: inout GoimConsumer, _ replies: inout GoimReplies,
        _ handle: (borrowing GoimProto, inout GoimReplies) -> Void
    ) -> Bool {
        let isThere = consumer.get { proto in
            replies.isAnswered = false
            handle(proto, &replies)
            if !replies.isAnswered { replies.acknowledge(proto.header) }
        }
        if isThere { consumer.getAdvance() }
        return isThere
    }
}

/// Work for one thread of a dispatcher, in order. Any thread adds; one takes, and sleeps while there is none.
final class GoimWorkQueue<Work: Sendable>: Sendable {
    private struct State {
        var waiting: [Work] = []
        var isFinished = false
    }

    private let state = Locked(State())
    private let signal = ThreadSignal()

    /// Adds work; false once the queue has finished.
    @discardableResult
    func add(_ work: Work) -> Bool {
        let (isAdded, isFirst) = state.withLock { state in
            if state.isFinished { return (false, false) }
            state.waiting.append(work)
            return (true, state.waiting.count == 1)
        }
        if isFirst { signal.signal() }
        return isAdded
    }

    /// All work there is, when there is any; nil at the end.
    func takeAll() -> [Work]? {
        while true {
            let (work, isFinished) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isFinished)
            }
            if !work.isEmpty { return work }
            if isFinished { return nil }
            signal.wait()
        }
    }

    /// No more work: what waits is still taken.
    func finish() {
        state.withLock { $0.isFinished = true }
        signal.signal()
    }
}
