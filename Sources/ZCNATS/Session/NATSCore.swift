import ZCNet

/// A client of NATS on its loop: the connection of the moment, subscriptions, requests, and what waits.
///
/// ```text
/// idle → connecting → greeting → (securing) → entering → ready
///            ↑            └───────────┴──────────┴────────┤ lost
///            └──────────────── waiting ←──────────────────┘         closed: by close(), from anywhere
/// ```
/// **Threads.** The loop's, but for `perform`, `inOrder` and `outbox`. State lies behind a cell, as handlers
/// come back while a message of theirs is delivered.
///
/// SAFETY: `Sendable` is unchecked because `state` is used on the loop only.
final class NATSCore: @unchecked Sendable {
    enum Phase {
        /// Nobody has asked for a connection yet, or the first round was in vain.
        case idle
        /// A server is tried.
        case connecting
        /// The server's `INFO` is waited for.
        case greeting
        /// TLS is agreed on.
        case securing
        /// `CONNECT` is sent, and its consent waited for.
        case entering
        case ready
        /// The next round has its time.
        case waiting
        case closed
    }

    struct State: ~Copyable {
        var phase = Phase.idle
        /// The connection of the moment, from its opening to its close.
        var connection: ConnectionBase?
        var tcp: TCPClient?
        /// The role that a connection begins TLS in.
        var secureRole: UInt16?
        var pool: ServerPool
        var info = NATSServerInfo()
        var subscriptions = SubscriptionTable()
        var requests = RequestTable()
        var generator: any RandomNumberGenerator & Sendable
        /// Who waits for the answers to PINGs, in their order; nil for the client's own.
        var pongs: [(@Sendable (NATSError?) -> Void)?] = []
        /// Own PINGs that are not answered.
        var pingsOutstanding = 0
        var timer: TimerID?
        var rounds = 0
        var connectedAt = MonotonicInstant.zero
        /// What the last attempt or connection ended by.
        var failure: NATSError?
        /// What the server said was wrong before it ended the connection.
        var failureFromServer: NATSError?
        /// Why this side ends the connection, where it does.
        var ending: NATSError?
        /// Who waits for the first connection.
        var firstConnect: [@Sendable (NATSError?) -> Void] = []
        var hasConnected = false
        /// Segments of the outbox whose posts came while they could not leave.
        var owedSegments = 0
        /// Whether the loop itself has said something that waits, which nothing of its own may overtake.
        var hasLater = false
        /// Whether a timer will send what other threads have published.
        var isGathering = false
        /// A segment that the connection had no room for.
        var stalled: OwnedCell<WriteBuffer>?
        var isDraining = false
        /// How deep in callbacks the loop is.
        var callbacks = 0
        /// Subscriptions that a message's handler may still be in: they go when the reception is over.
        var graveyard: [NATSSubscription] = []
        /// The beginning of the subjects of answers, `PREFIX.NAME.`, once there was a request.
        var inbox: [UInt8] = []
        /// The subscription that they come to.
        var inboxSID = 0
        /// Told when there is room again.
        var onWritable: [@Sendable (borrowing NATSConnection) -> Void] = []
    }

    let options: NATSOptions
    let loop: EventLoop
    let host: LoopReference<ConnectionHost>
    let outbox: NATSOutbox
    let figures = NATSFigures()
    let state: OwnedCell<State>
    /// Where operations of one callback are put together before they are sent.
    let batch: LoopOwned<WriteBuffer>
    private let batchCell: OwnedCell<WriteBuffer>
    let frameLimits: NATSFrameLimits
    let onEvent: @Sendable (NATSEvent) -> Void

    init(
        _ options: NATSOptions, servers: [ServerAddress], loop: EventLoop, host: ConnectionHost,
        onEvent: @escaping @Sendable (NATSEvent) -> Void
    ) {
        self.options = options
        self.loop = loop
        self.host = LoopReference(host)
        self.onEvent = onEvent
        outbox = NATSOutbox(bytesMax: options.pendingBytesMax)
        frameLimits = options.frameLimits
        batchCell = OwnedCell(WriteBuffer(limit: 1 << 31))
        batch = batchCell.place
        state = OwnedCell(
            State(
                pool: ServerPool(servers, picksAtRandom: options.picksServersAtRandom),
                generator: options.generator))
    }

    // MARK: From any thread

    /// Runs work on the loop; dropped once the loop has ended.
    @discardableResult
    func perform(_ work: @escaping @Sendable (NATSCore) -> Void) -> Bool {
        loop.post(isControl: true) { [self] _ in work(self) } != .stopped
    }

    /// As `perform`, behind whatever this thread has published before, and in front of what it publishes
    /// then.
    @discardableResult
    func inOrder(_ work: @escaping @Sendable (NATSCore) -> Void) -> Bool {
        var isPosted = false
        outbox.inOrder {
            isPosted = perform { core in
                core.flushOutbox()
                work(core)
            }
        }
        return isPosted
    }

    // MARK: Timers

    func schedule(after delay: Duration, _ work: @escaping @Sendable (NATSCore) -> Void) -> TimerID {
        host.with { host in host.schedule(after: delay) { [weak self] in if let self { work(self) } } }
    }

    func cancel(_ timer: TimerID?) {
        if let timer { host.with { $0.cancel(timer) } }
    }

    // MARK: Ending

    /// Ends it for good, at once.
    func close(_ reason: NATSError?) {
        if state[].phase == .closed { return }
        let wasFirst = !state[].hasConnected
        if state[].phase == .ready, let base = state[].connection { flushBatch(base) }
        state[].phase = .closed
        figures.set(.connected, to: 0)
        cancel(state[].timer)
        state[].timer = nil
        let error = reason ?? NATSError(.closed, expected: "an open client", got: "one that was closed")
        state[].ending = error
        state[].connection?.end(CloseReason(.local))
        outbox.close()
        figures.set(.pendingBytes, to: 0)
        let firstConnect = state[].firstConnect
        state[].firstConnect = []
        if wasFirst { for completion in firstConnect { completion(error) } }
        failPongs(error)
        for (waiting, timer) in state[].requests.removeAll() {
            cancel(timer)
            waiting.onFailure(error)
        }
        figures.set(.requests, to: 0)
        for subscription in state[].subscriptions.all { _ = forget(subscription) }
        state[].graveyard = []
        state[].onWritable = []
        state[].stalled = nil
        state[].tcp = nil
        onEvent(.closed(reason))
    }

    func failPongs(_ error: NATSError) {
        let waiting = state[].pongs
        state[].pongs = []
        state[].pingsOutstanding = 0
        for completion in waiting { completion?(error) }
    }

    /// Lets a subscription go; what its handler may still be in stays until the reception is over.
    func forget(_ subscription: NATSSubscription) -> Bool {
        guard let gone = state[].subscriptions.remove(subscription.state[].sid) else { return false }
        state[].graveyard.append(gone)
        figures.set(.subscriptions, to: state[].subscriptions.count)
        return true
    }
}
