import Synchronization
import ZCNet

/// One share of the messages of a ``RetryManager``, on one loop.
///
/// SAFETY: `@unchecked Sendable` because the table and the timer are used on the loop's thread only;
/// everything else is constant or made for many threads.
final class RetryShard: @unchecked Sendable {
    let loop: EventLoop
    private let siblings: [EventLoop]
    private let mailbox: MailboxQueue<RetryCommand>
    private let figures = DeliveryFigures()
    private let handling: RetryHandling
    private let table: ConsumerCell<RetryTable>
    private let alarm = ConsumerCell<Alarm>(Alarm())
    /// Messages and bytes taken on or on their way here.
    private let messagesTaken = Atomic<Int>(0)
    private let bytesTaken = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let policy: RetryPolicy

    /// The loop's timer that will have the wheel advanced, and whether the wheel is being advanced.
    private struct Alarm {
        var timer: TimerID?
        var deadline = MonotonicInstant(nanoseconds: .max)
        var isAdvancing = false
    }

    /// How many messages are handled before the loop serves its connections again.
    private static let messagesPerVisit = 1024

    init(
        on loop: EventLoop, siblings: [EventLoop], policy: RetryPolicy, handling: RetryHandling
    ) throws(ConfigurationError) {
        self.loop = loop
        self.siblings = siblings
        self.handling = handling
        self.policy = policy
        mailbox = try MailboxQueue(countMax: min(policy.outstandingMax + 65_536, 1 << 30))
        // The clock rather than the turn's time, which is the loop's own: it may run already.
        table = ConsumerCell(try RetryTable(policy: policy, now: loop.driver.clock.now()))
    }

    // MARK: Any thread

    /// Messages outstanding, and those on their way here.
    var outstanding: Int { messagesTaken.load(ordering: .relaxed) }

    func add(_ message: OutstandingMessage) -> RetryAddition {
        guard reserve(message.bytes.count) else {
            refusals.add(1, ordering: .relaxed)
            return .full
        }
        if enqueue(.add(message)) { return .added }
        release(message.bytes.count)
        return .stopped
    }

    /// False when too many acknowledgements wait, or the loop has ended; the message is then sent again.
    func acknowledge(_ id: UInt64, from connection: ConnectionID) -> Bool {
        enqueue(.acknowledge(id, connection))
    }

    func snapshot() -> DeliverySnapshot {
        var snapshot = figures.snapshot()
        snapshot[.refusedMessages] = refusals.load(ordering: .relaxed)
        return snapshot
    }

    private func reserve(_ bytes: Int) -> Bool {
        guard messagesTaken.add(1, ordering: .relaxed).newValue <= policy.outstandingMax else {
            messagesTaken.subtract(1, ordering: .relaxed)
            return false
        }
        guard bytesTaken.add(bytes, ordering: .relaxed).newValue <= policy.outstandingBytesMax else {
            release(bytes)
            return false
        }
        return true
    }

    private func release(_ bytes: Int) {
        messagesTaken.subtract(1, ordering: .relaxed)
        bytesTaken.subtract(bytes, ordering: .relaxed)
    }

    /// Does what is asked at once when the caller is on the loop, and posts it otherwise.
    private func enqueue(_ command: RetryCommand) -> Bool {
        if loop.isCurrent && !alarm[].isAdvancing {
            // What others have asked for before comes first: a message's acknowledgement must not
            // overtake it.
            drain()
            carryOut(command)
            settle()
            return true
        }
        switch mailbox.push(command) {
        case .queued: return true
        case .wake: return wake()
        case .full, .closed: return false
        }
    }

    private func wake() -> Bool {
        // Control: there is at most one such message per burst.
        let answer = loop.post(isControl: true) { [self] _ in
            drain()
            settle()
        }
        if answer == .stopped { mailbox.close() }
        return answer == .posted
    }

    // MARK: On the loop

    private func drain() { mailbox.drain { carryOut($0) } }

    private func carryOut(_ command: RetryCommand) {
        switch command {
        case .add(let message):
            let bytes = table[].outstandingBytes
            switch table[].add(message, now: loop.now) {
            case .added: figures.add(1, to: .trackedMessages)
            // What was taken for the earlier sending goes back.
            case .restarted: release(message.bytes.count - (table[].outstandingBytes - bytes))
            case .full, .stopped: release(message.bytes.count)
            }
        case .acknowledge(let id, let connection):
            let bytes = table[].outstandingBytes
            if table[].acknowledge(id, from: connection) {
                release(bytes - table[].outstandingBytes)
                figures.add(1, to: .acknowledgedMessages)
            } else {
                figures.add(1, to: .strayAcknowledgements)
            }
        case .abandon(let id, let connection):
            if let letter = table[].abandon(id, from: connection) { giveUp(letter) }
        }
    }

    private func giveUp(_ letter: DeadLetter) {
        release(letter.message.bytes.count)
        figures.add(1, to: .deadLetters)
        loop.metrics.add(1, to: .deadLetters)
        handling.deadLetter(letter)
    }

    /// Shows the figures, and sees to it that the loop comes back when the next message is due.
    private func settle() {
        let (outstanding, retried) = (table[].count, table[].retriedCount)
        loop.metrics.add(outstanding - figures[.outstandingMessages], to: .pendingAcknowledgements)
        loop.metrics.add(retried - figures[.retriedMessages], to: .retryQueue)
        figures.set(.outstandingMessages, to: outstanding)
        figures.set(.retriedMessages, to: retried)
        figures.set(.outstandingBytes, to: table[].outstandingBytes)

        guard let due = table[].nextExpiry, due < alarm[].deadline else { return }
        alarm[].deadline = due
        loop.post(isControl: true) { [self] context in
            if let timer = alarm[].timer { context.cancel(timer) }
            let delay = max(.zero, alarm[].deadline - context.now)
            alarm[].timer = context.schedule(after: delay) { [self] context in
                alarm[].timer = nil
                alarm[].deadline = MonotonicInstant(nanoseconds: .max)
                advance(context)
            }
        }
    }

    private func advance(_ context: borrowing LoopContext) {
        drain()
        var elsewhere: [Int?: [OutstandingMessage]] = [:]
        alarm[].isAdvancing = true
        let now = context.now
        let retries = table[].advance(to: now, limit: Self.messagesPerVisit) { message in
            if loop.owns(message.connection) { return handling.resend(message, context) }
            let home = siblings.firstIndex { $0.owns(message.connection) }
            elsewhere[home, default: []].append(message)
            return .sent
        } deadLetter: {
            giveUp($0)
        }
        alarm[].isAdvancing = false
        figures.add(retries, to: .retries)
        loop.metrics.add(retries, to: .retries)
        for (home, messages) in elsewhere { resend(messages, on: home.map { siblings[$0] }) }
        drain()
        settle()
    }

    /// Has another loop send messages to its connections; those that are over, or no loop's of the group,
    /// come back as such.
    private func resend(_ messages: [OutstandingMessage], on sibling: EventLoop?) {
        guard let sibling else {
            for message in messages { _ = enqueue(.abandon(message.id, message.connection)) }
            return
        }
        // A full mailbox drops a retry; the next one comes after the next wait.
        sibling.post { [self] context in
            for message in messages where handling.resend(message, context) == .closed {
                _ = enqueue(.abandon(message.id, message.connection))
            }
        }
    }
}
