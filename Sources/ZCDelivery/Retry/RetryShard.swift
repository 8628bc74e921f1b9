import Synchronization
import ZCNet

/// The messages of a ``RetryManager`` to the connections of one loop.
///
/// SAFETY: `@unchecked Sendable` because the table and the timer are used on the loop's thread only;
/// everything else is constant or made for many threads.
final class RetryShard: @unchecked Sendable {
    let loop: EventLoop
    private let mailbox: MailboxQueue<RetryCommand>
    private let figures = DeliveryFigures()
    private let handling: RetryHandling
    private let table: OwnedCell<RetryTable>
    private let alarm = OwnedCell<Alarm>(Alarm())
    private let allowance: RetryAllowance
    /// Messages taken on or on their way here.
    private let messagesTaken = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)

    /// The loop's timer that will have the wheel advanced, and whether the wheel is being advanced.
    private struct Alarm {
        var timer: TimerID?
        var deadline = MonotonicInstant(nanoseconds: .max)
        var isAdvancing = false
    }

    /// How many messages are handled before the loop serves its connections again.
    private static let messagesPerVisit = 1024

    init(
        on loop: EventLoop, policy: RetryPolicy, allowance: RetryAllowance, handling: RetryHandling
    ) throws(ConfigurationError) {
        self.loop = loop
        self.handling = handling
        self.allowance = allowance
        mailbox = try MailboxQueue(countMax: min(policy.outstandingMax + 65_536, 1 << 30))
        // The clock rather than the turn's time, which is the loop's own: it may run already.
        table = OwnedCell(try RetryTable(policy: policy, now: loop.driver.clock.now()))
    }

    // MARK: Any thread

    /// Messages outstanding, and those on their way here.
    var outstanding: Int { messagesTaken.load(ordering: .relaxed) }

    func add(_ message: OutstandingMessage) -> RetryAddition {
        guard allowance.reserve(message.bytes.count) else {
            refusals.add(1, ordering: .relaxed)
            return .full
        }
        messagesTaken.add(1, ordering: .relaxed)
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

    private func release(_ bytes: Int) {
        messagesTaken.subtract(1, ordering: .relaxed)
        allowance.release(bytes)
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
        }
    }

    private func giveUp(_ letter: DeadLetter) {
        release(letter.message.bytes.count)
        figures.add(1, to: .deadLetters)
        handling.deadLetter(letter)
    }

    /// Shows the figures, and sees to it that the loop comes back when the next message is due.
    private func settle() {
        figures.set(.outstandingMessages, to: table[].count)
        figures.set(.retriedMessages, to: table[].retriedCount)
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
        alarm[].isAdvancing = true
        let now = context.now
        let retries = table[].advance(to: now, limit: Self.messagesPerVisit) { message in
            // One of another group cannot be sent to.
            loop.owns(message.connection) ? handling.resend(message, context) : .closed
        } deadLetter: {
            giveUp($0)
        }
        alarm[].isAdvancing = false
        figures.add(retries, to: .retries)
        drain()
        settle()
    }
}
