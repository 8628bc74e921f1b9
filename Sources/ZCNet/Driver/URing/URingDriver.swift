internal import CZCNet
import ZCLibC

/// Completions from io_uring: the kernel receives, accepts and sends on its own, and one call per turn hands
/// it all that was asked for and waits.
///
/// **Receiving.** Each connection has one standing request, for which the kernel picks a buffer when bytes
/// come (`URingBuffers`). A connection whose bytes come in bulk is better served by calls into one large
/// chunk that stays in the cache, as `EpollDriver` does it: it changes to that where receptions of 8 KiB or
/// more are the rule, and back when little comes (`+Receiving`).
///
/// **Sending.** Small sends are staged (`SendStage`) and submitted together when the next wait begins; a
/// large one is a call of its own, from where its bytes lie. Both take what the socket takes and wait for
/// nothing, so `send` never answers `.inFlight`; what a staged send could not place is kept here until there
/// is room (`+Sending`).
///
/// **Threads.** The instance serves one thread, the one that calls `begin`.
package final class URingDriver: Driver {
    package let sendsDirectly = true
    package let clock = MonotonicClock.system

    package let stage: LoopOwned<SendStage>?
    /// The same, for whom it is certain that there is one.
    let sends: LoopOwned<SendStage>
    let state: LoopOwned<State>
    private let wakeDescriptor: Int32

    /// SAFETY: `@safe` because `records` has room for `recordCount` records and is freed by `deinit`.
    @safe
    struct State: ~Copyable {
        var queue: URingQueue
        var buffers: URingBuffers
        var alarm: Alarm
        var records: UnsafeMutablePointer<URingRecord>
        var recordCount: Int
        /// Counts turns, so that a request of this turn is told from one that the kernel has.
        var turn: UInt8 = 0
        /// The connections with staged bytes, in the order they came.
        var staged: [UInt32] = []
        /// Connections to be received from by calls of their own.
        var again: [Token] = []
        var spare: [Token] = []
        /// Connections whose request ended for want of buffers.
        var starved: [Token] = []
        var held: [UInt32: [URingHeld]] = [:]
        /// What staged sends could not place.
        var rests: [UInt32: [UInt8]] = [:]
        var leftovers = Leftovers()
        var listeners: [UInt32: URingListener] = [:]
        /// Whether a listener has connections that were accepted ahead, and is accepting again.
        var hasWaiting = false
        /// Whether the kernel accepts whoever comes, before it is asked for the next one.
        var acceptsAhead = true
        /// Completions taken from the queue before their turn, because it was full.
        var spilled: [zc_cqe] = []
        /// Whether what this turn's sends could not place has been kept.
        var hasKept = false
        /// Counts wake-ups and alarms, to tell them from completions that something may have come of.
        var wakeCount: UInt32 = 0
        /// Sends that failed outside of a turn; the next one says so.
        var brokenSends: [(token: Token, errno: Errno)] = []
        /// Why the instance serves no longer; the next turn says so.
        var failure: SystemError?
    }

    package convenience init() throws {
        try self.init(requestsMax: URingQueue.requestsMax, completionsMax: URingQueue.completionsMax)
    }

    /// Makes a driver with queues of other sizes; see `URingQueue`.
    init(requestsMax: UInt32, completionsMax: UInt32) throws {
        let queue = try URingQueue(requestsMax: requestsMax, completionsMax: completionsMax)
        let buffers = try URingBuffers(queue)
        let alarm = try Alarm(clock: clock)
        wakeDescriptor = try systemCall("eventfd") { zc_eventfd() }
        let records = UnsafeMutablePointer<URingRecord>.allocate(capacity: 256)
        unsafe records.initialize(repeating: URingRecord(), count: 256)
        state = unsafe LoopOwned(
            allocating: State(
                queue: queue, buffers: buffers, alarm: alarm, records: records, recordCount: 256))
        sends = LoopOwned(allocating: SendStage())
        stage = sends
    }

    deinit {
        // SAFETY: the loop's thread has ended, nobody refers to the state any more.
        unsafe state[].records.deallocate()
        state.free()
        sends.free()
        KernelSocket.closeNow(Descriptor(rawValue: wakeDescriptor))
    }

    // MARK: The thread

    package func begin() {
        do throws(SystemError) {
            try state[].queue.enable()
        } catch {
            state[].failure = error
        }
        watch(URingOperation.wake)
        watch(URingOperation.alarm)
        armAllAccepting()
    }

    /// Has wake-ups or the alarm end a wait, each time anew.
    private func watch(_ operation: UInt64) {
        let descriptor = operation == URingOperation.wake ? wakeDescriptor : state[].alarm.descriptor
        requestReadiness(descriptor, ZC_EPOLLIN, repeats: true, operation << 56)
    }

    package func end() {
        guard state[].queue.isEnabled else { return }
        dropLeftovers()
        submit()
        dropCompletions()
        state[].queue.disable()
    }

    /// What was cancelled lets go of its socket, and the peer sees the end, before this returns: the kernel
    /// does a part of it with each call, and says so by completions.
    private func dropCompletions() {
        repeat {
            spill()
            for completion in state[].spilled where completion.user_data >> 56 == URingOperation.accept {
                dropAccepted(completion)
            }
            state[].spilled.removeAll()
            _ = state[].queue.enter(waitFor: 0, nanoseconds: 0)
        } while !state[].queue.completed.isEmpty || state[].queue.isOverflowing
    }

    package func wake() {
        var one: UInt64 = 1
        // A full counter means a wake-up is pending already; nothing else can fail here.
        _ = unsafe write(wakeDescriptor, &one, 8)
    }

    package var isFlushing: Bool { !state[].leftovers.items.isEmpty }

    // MARK: Requests

    /// Fills in a request. Submits the others first when the queue is full.
    @inline(__always)
    func request(_ fill: (UnsafeMutablePointer<zc_sqe>) -> Void) {
        while true {
            if let place = unsafe state[].queue.request() { return unsafe fill(place) }
            submit()
            if state[].failure != nil { return }
        }
    }

    /// Shows the kernel all requests, and waits for none of them.
    func submit() {
        precondition(state[].queue.isEnabled, "too many requests before the loop runs")
        while state[].queue.unsubmittedCount > 0 {
            let result = state[].queue.enter(waitFor: 0, nanoseconds: 0)
            switch result {
            case 0..., -EINTR: break
            // The kernel takes no requests while completions wait for room in the queue.
            case -EBUSY, -EAGAIN: spill()
            default:
                // The next turn reports it, and is the last.
                state[].failure = Self.failure(result)
                return
            }
        }
    }

    private static func failure(_ result: Int32) -> SystemError {
        SystemError("io_uring_enter", errno: Errno(rawValue: -result))
    }

    /// Takes completions out of the queue before their turn, to make room. Within a turn, these are the ones
    /// that it has not come to.
    func spill() {
        let completed = state[].queue.completed
        for number in completed {
            let completion = state[].queue.completion(number)
            // A rest that was kept must not be kept again.
            if state[].hasKept && Self.isShortSend(completion) { continue }
            state[].spilled.append(completion)
        }
        state[].queue.consume(to: completed.end)
    }

    static func userData(_ operation: UInt64, number: UInt32) -> UInt64 { operation << 56 | UInt64(number) }

    // MARK: The turn

    package var retainedBytes: Int { state[].buffers.retainedBytes }

    package func freeUnused() {
        // The kernel fills buffers only while it is called; what it has filled is looked at first.
        guard state[].queue.completed.isEmpty, state[].spilled.isEmpty, !state[].queue.isOverflowing else {
            return
        }
        _ = state[].buffers.freeUnused()
    }

    package func poll(timeoutNanoseconds: Int64, into sink: any CompletionSink) throws(SystemError) -> Int {
        if let failure = state[].failure { throw failure }
        state[].hasKept = false
        let hasSends = submitStaged()
        state[].buffers.publish()
        state[].turn &+= 1
        let result = try enter(timeoutNanoseconds)
        sink.awoke()
        if hasSends { keepUnplaced() }
        state[].hasKept = true
        sends[].reset()
        var completions = dispatchAll(into: sink)
        completions += lookAgain(into: sink)
        if state[].hasWaiting { completions += offerWaiting(into: sink) }
        if !state[].brokenSends.isEmpty { completions += reportBrokenSends(into: sink) }
        feedStarved()
        expireLeftovers()
        // Interrupted: what there was in the queue was handled, but what is due is not known.
        return result == -EINTR ? -1 : completions
    }

    private func dispatchAll(into sink: any CompletionSink) -> Int {
        let numbers = state[].queue.completed
        let silentCount = state[].wakeCount &+ numbers.end &- numbers.first
        let hasSpilled = !state[].spilled.isEmpty
        var completions = dispatchSpilled(into: sink)
        // What is spilled meanwhile comes before whatever the queue then holds: in the next turn.
        while state[].spilled.isEmpty, let completion = state[].queue.take(before: numbers.end) {
            completions += dispatch(completion, into: sink)
        }
        // The kernel does not do all that is due in one call. Where what it did was nothing to report, as a
        // cancellation or a lack of buffers, there may be more.
        if completions == 0 && (hasSpilled || state[].wakeCount != silentCount) { return 1 }
        return completions
    }

    /// Submits and waits; afterwards the kernel has taken every request.
    private func enter(_ timeoutNanoseconds: Int64) throws(SystemError) -> Int32 {
        let isBusy =
            !state[].again.isEmpty || !state[].spilled.isEmpty || !state[].queue.completed.isEmpty
            || !state[].starved.isEmpty || !state[].brokenSends.isEmpty
        let timeout = isBusy ? 0 : state[].alarm.waitLimit(leftoverTimeout(timeoutNanoseconds))
        let result = state[].queue.enter(waitFor: timeout == 0 ? 0 : 1, nanoseconds: timeout)
        switch result {
        case 0..., -EINTR, -ETIME, -EBUSY, -EAGAIN: break
        default: throw Self.failure(result)
        }
        if state[].queue.unsubmittedCount > 0 { submit() }
        while state[].queue.isOverflowing {
            spill()
            _ = state[].queue.enter(waitFor: 0, nanoseconds: 0)
        }
        return result
    }

    private func dispatchSpilled(into sink: any CompletionSink) -> Int {
        if state[].spilled.isEmpty { return 0 }
        var completions = 0
        var spilled: [zc_cqe] = []
        swap(&spilled, &state[].spilled)
        for completion in spilled { completions += dispatch(completion, into: sink) }
        return completions
    }

    @inline(__always)
    private func dispatch(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        let operation = completion.user_data >> 56
        if operation == URingOperation.receive { return receptionCompleted(completion, into: sink) }
        return dispatchOther(operation, completion, into: sink)
    }

    private func dispatchOther(
        _ operation: UInt64, _ completion: zc_cqe, into sink: any CompletionSink
    ) -> Int {
        switch operation {
        case URingOperation.send: return sendFailed(completion, into: sink)
        case URingOperation.ready: return becameReady(completion, into: sink)
        case URingOperation.room: return gotRoom(completion, into: sink)
        case URingOperation.connect: return connectCompleted(completion, into: sink)
        case URingOperation.accept: return acceptCompleted(completion, into: sink)
        case URingOperation.last: return leftoverGotRoom(completion)
        case URingOperation.cancel:
            cancelFailed(completion)
            return 0
        case URingOperation.wake, URingOperation.alarm:
            state[].wakeCount &+= 1
            if completion.flags & ZC_URING_CQE_MORE == 0 { watch(operation) }
            return 0
        default: return 0
        }
    }

    // MARK: Records

    /// The record of a connection, or nil when the driver does not know it.
    @inline(__always)
    func find(_ token: Token) -> LoopOwned<URingRecord>? {
        let index = token.place
        guard index < state[].recordCount else { return nil }
        // SAFETY: the index was just checked.
        let record = unsafe state[].records + index
        return unsafe record.pointee.token == token ? LoopOwned(record) : nil
    }

    /// The record that a completion is about, or nil when its connection is gone.
    @inline(__always)
    func find(_ completion: zc_cqe) -> LoopOwned<URingRecord>? {
        let index = Int(truncatingIfNeeded: completion.user_data & 0xFFFF_FFFF)
        guard index < state[].recordCount else { return nil }
        let record = unsafe state[].records + index
        let token = unsafe record.pointee.token
        return token.requestNumber == completion.user_data & 0xFF_FFFF_FFFF_FFFF && token.rawValue != 0
            ? unsafe LoopOwned(record) : nil
    }

    /// A record for a connection that the driver learns of.
    func register(_ descriptor: Descriptor, _ token: Token) -> LoopOwned<URingRecord> {
        let index = token.place
        if index >= state[].recordCount { growRecords(for: index) }
        let record = unsafe LoopOwned(state[].records + index)
        record[] = URingRecord()
        record[].token = token
        record[].descriptor = descriptor
        return record
    }

    private func growRecords(for index: Int) {
        let count = max(state[].recordCount * 2, index + 1)
        // SAFETY: nothing refers into the old memory between the calls of this class's methods.
        let larger = UnsafeMutablePointer<URingRecord>.allocate(capacity: count)
        unsafe larger.moveInitialize(from: state[].records, count: state[].recordCount)
        unsafe (larger + state[].recordCount).initialize(
            repeating: URingRecord(), count: count - state[].recordCount)
        unsafe state[].records.deallocate()
        unsafe state[].records = larger
        state[].recordCount = count
    }
}
