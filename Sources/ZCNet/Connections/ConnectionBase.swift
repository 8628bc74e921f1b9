/// What every lent connection handle is made of: the slot, and the host that serves it. Two plain words.
///
/// SAFETY: `@safe` because a base exists only within a callback of its host, on the host's thread: the host
/// is alive, and a slot's memory is never freed before the host. Handles built on it are `~Escapable`, so
/// they end with the callback.
@safe @frozen
@usableFromInline
package struct ConnectionBase {
    @usableFromInline package let slot: LoopOwned<ConnectionSlot>
    @usableFromInline let hostReference: LoopReference<ConnectionHost>

    init(slot: LoopOwned<ConnectionSlot>, host: ConnectionHost) {
        self.slot = slot
        hostReference = LoopReference(host)
    }

    /// Runs `body` with the host, which is not retained for it. For this module's own handles; others have
    /// the verbs below.
    @inlinable @inline(__always)
    func withHost<Result>(_ body: (ConnectionHost) -> Result) -> Result {
        hostReference.with(body)
    }

    /// Whether the connection is not on its way out.
    @inlinable @inline(__always)
    package var takesAnswers: Bool { slot[].flags.isDisjoint(with: [.closing, .connecting]) }

    /// Where the connection stands among those of its loop: no two open ones have the same.
    package var place: Int { slot[].id.token.place }

    /// Whether the connection is being cut off, by either side: what it had sent may not have arrived,
    /// whatever the reason for its end was at first. Neither may what only the kernel has, where the peer's
    /// end was not waited for: a socket that is closed with bytes unread resets the connection.
    package var isCutOff: Bool {
        slot[].flags.contains(.abortive) && !slot[].flags.isSuperset(of: [.endsSoftly, .peerEnded])
    }

    /// Whether the peer has not said yet what it wants, or who it is.
    package var isStranger: Bool { slot[].flags.contains(.stranger) }

    /// Whether this side, and not blocked output, keeps the peer from being read.
    package var isHeldBack: Bool {
        !slot[].flags.isDisjoint(with: [.pausedByApplication, .pausedByRate, .pausedForMemory])
    }

    /// Whether nothing is received from the peer at the moment, for whatever reason of this side's.
    package var isPaused: Bool { !slot[].flags.isDisjoint(with: .paused) }

    /// Whether blocked output keeps the peer from being read.
    package var isPressed: Bool { slot[].flags.contains(.pausedByPressure) }

    /// Whether output is above the high watermark or was refused, so that `onWritable` is owed.
    package var owesWritable: Bool { slot[].flags.contains(.writableOwed) }

    /// Has `onWritable` come once output moves that waits; false where none does.
    package func oweWritable() -> Bool {
        guard slot[].outbound?[].isEmpty == false else { return false }
        slot[].flags.insert(.writableOwed)
        return true
    }

    /// When this turn of the loop began.
    @inlinable @inline(__always)
    package var turnBegan: MonotonicInstant { withHost { $0.turn[].began } }

    /// The same in steps of 10 ms, for stamps that cost four bytes.
    @inlinable @inline(__always)
    package var turnStamp: CoarseTime { withHost { $0.turn[].now } }

    /// Whether the running callback may go on to deliver: nobody has paused, closed or failed the connection.
    @inlinable @inline(__always)
    package var takesMore: Bool { slot[].flags.isDisjoint(with: [.pausedByApplication, .closing]) }
}

/// What a protocol layer may do with a connection and ask of its loop: all that it is given of the host.
///
/// **Threads.** The connection's loop. **Cost.** The host is borrowed for the call, and not retained.
extension ConnectionBase {
    // MARK: Sending

    /// Sends bytes that stay where they are for the length of this call.
    package func send(_ bytes: RawSpan) -> SendResult {
        withHost { $0.send(slot, bytes) }
    }

    /// Sends a message of two parts; see `ConnectionHost.send`.
    package func send(_ head: MessageHead, _ body: RawSpan, exempt: Bool = false) -> SendResult {
        withHost { $0.send(slot, head, body, exempt: exempt) }
    }

    /// Sends bytes that may be referred to for as long as it takes; key 0 means none.
    package func send(_ bytes: SharedBytes, key: UInt64) -> SendResult {
        withHost { $0.send(slot, bytes, key: key) }
    }

    /// Sends bytes that many connections are sent; see `ConnectionHost.sendShared`.
    package func sendShared(_ bytes: SharedBytes, hasMore: Bool, key: UInt64 = 0) -> SendResult {
        withHost { $0.sendShared(slot, bytes, hasMore: hasMore, key: key) }
    }

    /// Whether so many bytes that many connections are sent would be taken as they are: the connection is not
    /// slow, and they are within its limit.
    package func takesShared(_ count: Int) -> Bool {
        withHost { !slot[].flags.contains(.blocked) && $0.output.hasRoom(slot, count) }
    }

    /// Sends from a file, behind everything sent before.
    func send(_ file: FileTransfer) -> SendResult { withHost { $0.send(slot, file) } }

    /// Answers a sender whose bytes are not even tried, as the connection's policy says.
    package func refuse(_ count: Int) -> SendResult { withHost { $0.overflow(slot, count) } }

    /// Whether what is sent with a key now may be replaced later: its policy is to conflate, and it does not
    /// leave with the callback that is running.
    package var queuesByKey: Bool {
        slot[].policy == .conflate && !withHost { $0.output.gathers(slot) }
    }

    /// How far the connection's output has come with its peer. Calls the kernel, once.
    package var outputProgress: OutputProgress { withHost { $0.outputProgress(slot) } }

    // MARK: Receiving

    /// Leaves the last bytes that the running callback was lent unread.
    package func leaveUnread(_ count: Int) { withHost { $0.leaveUnread(slot, count) } }

    /// Has what was left unread shown again at the end of the turn, though nothing may have come behind it.
    func showUnread() { withHost { $0.intake.requestOpening(slot) } }

    package func pauseReading() { withHost { $0.pauseReading(slot) } }

    package func resumeReading() { withHost { $0.resumeReading(slot) } }

    /// Stops receiving on a protocol layer's own account; see `ConnectionHost.pauseForRate`.
    package func pauseForRate() { withHost { $0.pauseForRate(slot) } }

    /// Ends what `pauseForRate` began.
    package func resumeFromRate() { withHost { $0.resumeFromRate(slot) } }

    // MARK: Time

    /// When this turn of the loop began, as the loop's timers count.
    package var now: MonotonicInstant { withHost { $0.now } }

    /// The driver's clock of the wall; see `MonotonicClock.wallTime`.
    package var wallTime: (seconds: Int64, nanoseconds: Int64) { withHost { $0.driver.clock.wallTime } }

    /// Has the connection's role called with a tag after a while, unless the connection ends before.
    package func schedule(after delay: Duration, tag: ConnectionTimerTag) -> TimerID {
        withHost { $0.schedule(slot, after: delay, tag: tag) }
    }

    /// Cancels a timer; one that is due or gone is left alone.
    package func cancel(_ timer: TimerID) { withHost { $0.cancel(timer) } }

    /// Cancels the connection's one timer with a tag by its place alone.
    package func cancel(_ timer: TimerPlace, tag: ConnectionTimerTag) {
        if timer == .none { return }
        withHost { $0.loop.cancel(timer, TimerPayload(slot[].id, tag: tag.rawValue)) }
    }

    /// Has work done in the loop's next turn, which then does not wait for anything else.
    package func nextTurn(_ work: @escaping @Sendable (ConnectionHost) -> Void) {
        withHost { $0.nextTurn(work) }
    }

    /// Has the kernel take what others were answered in this turn, before work that takes long.
    package func sendAhead() { withHost { $0.driver.sendStaged() } }

    // MARK: Memory

    /// Has the connection's memory taken back before that of all others; see `ConnectionHost+Strangers`.
    package func treatAsStranger() { withHost { $0.treatAsStranger(slot) } }

    /// Has the role asked before anything is received, until it hands the connection over; see
    /// `ConnectionRole.mayReceive`.
    package func receiveInTurns() { slot[].flags.insert(.receivesInTurns) }

    /// The peer has said who it is, or what it wants: the connection is one like others.
    package func treatAsKnown() { withHost { $0.treatAsKnown(slot) } }

    /// What the protocol keeps for the connection is about to take memory, or does.
    package func noteHolding() { withHost { $0.noteHolding(slot) } }

    // MARK: Places

    /// How long a stranger keeps its place, in any case, while all places of its server are taken: honest
    /// handshakes take less.
    package static let crowdedTime = Duration.seconds(1)

    /// Ends a stranger while all places of its server are taken, unless it is taking an answer; whether it
    /// did. Protocol layers ask once in each `crowdedTime`.
    package func turnOutWhereFull() -> Bool { withHost { $0.turnOutWhereFull(slot) } }

    /// Resets a stranger for others, who need its place.
    func turnOut() { withHost { $0.turnOut(slot) } }

    // MARK: Ending

    /// Starts to end the connection; the first reason stays, a later abortive call only hurries.
    package func end(_ reason: CloseReason, isAbortive: Bool = false) {
        withHost { $0.end(slot, reason, isAbortive: isAbortive) }
    }

    /// The protocol has said its last word and waits for the peer's; see `ConnectionHost.awaitEnd`.
    package func awaitEnd(within patience: Duration, otherwise reason: CloseReason) {
        withHost { $0.awaitEnd(slot, within: patience, otherwise: reason) }
    }

    /// Ends the connection in good order on behalf of somebody outside its protocol, which may say goodbye
    /// first.
    package func leave(_ reason: CloseReason) { withHost { $0.leave(slot, reason) } }

    /// Ends the sending direction once output is out.
    func finishSending() { withHost { $0.finishSending(slot) } }

    // MARK: Changing protocols

    /// Gives the connection to another role of the same server, and calls its `opened`; from within a
    /// callback of the old role, whose state is gone when this returns.
    package func handOver(to role: UInt16) { withHost { $0.handOver(slot, to: role) } }

    /// Lends bytes of what the running callback was lent to the role that has the connection now.
    package func deliverRest(_ chunk: borrowing ReceivedChunk) {
        hostReference.object.deliverRest(slot, chunk)
    }

    /// Runs work with the state that the connection's role keeps for it.
    package func withState(_ work: (ConnectionBase, StatePlace) -> Void) {
        withHost { $0.withState(slot, work) }
    }

    /// Has everything that follows transformed, both ways; see `ConnectionHost.install`.
    package func install<Transform: ByteTransform & ~Copyable>(_ transform: consuming Transform) {
        hostReference.object.install(transform, on: slot)
    }

    /// What secures the connection; nil for one in the clear.
    package var negotiated: NegotiatedSecurity? { withHost { $0.negotiated(slot) } }

    // MARK: The loop

    /// The loop that serves the connection.
    package var loop: EventLoop { withHost { $0.loop } }

    /// Another connection of the loop; nil when it is over, or elsewhere.
    package func other(_ id: ConnectionID) -> ConnectionBase? {
        withHost { host in host.find(id).map { host.base($0) } }
    }

    /// A handle for other threads and for later.
    package var remote: RemoteConnection {
        withHost { RemoteConnection(id: slot[].id, siblings: $0.siblings) }
    }

    /// The address on this side, or nil once the kernel no longer says. A system call.
    package var localAddress: SocketAddress? { withHost { $0.driver.localAddress(of: slot[].descriptor) } }

    /// The books of all that the loop's connections hold.
    package var budget: MemoryBudget { withHost { $0.budget } }

    /// What queues to other threads hold for the loop's connections.
    package var queues: QueueMemory { withHost { $0.queues } }

    /// Whether a queue may keep so many bytes more for the connection; those that hold more make room.
    package func mayQueue(_ count: Int) -> Bool { withHost { $0.mayQueue(slot, count) } }

    /// Has `auditMemory` ask a protocol layer what its queues to other threads hold.
    package func addQueueAudit(_ held: @escaping () -> Int) { withHost { $0.addQueueAudit(held) } }

    /// Output of all of the loop's connections that waits for the kernel.
    package var loopQueuedBytes: Int { withHost { $0.metrics[.queuedBytes] } }

    /// Counts something of the loop's figures up or down.
    package func count(_ metric: Metric, by count: Int = 1) { withHost { $0.metrics.add(count, to: metric) } }

    /// Counts messages that a protocol layer has taken apart, many at a time.
    package func countReceived(messages: Int) { withHost { $0.metrics.add(messages, to: .messagesIn) } }

    /// Counts a message that a protocol layer has sent as shared bytes.
    package func countSentMessage() { withHost { $0.metrics.add(1, to: .messagesOut) } }

    /// Tells the observer of somebody who met a limit.
    package func turnedAway(_ peer: SocketAddress, _ limit: RejectionReason) {
        withHost { $0.doors.turnedAway(peer, limit) }
    }
}
