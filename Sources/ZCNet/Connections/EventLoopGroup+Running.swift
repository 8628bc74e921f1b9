internal import CZCNet

/// Signals of the process that end what serves: `run(until: .signals(SIGINT, SIGTERM))`.
public struct StopSignals: Sendable, Hashable {
    /// Each signal as the C library numbers it, such as 15 for SIGTERM.
    public let numbers: [Int32]

    /// These signals, by the C library's names for them.
    public static func signals(_ numbers: Int32...) -> StopSignals { StopSignals(numbers: numbers) }

    /// What a terminal sends for Ctrl-C, and what service managers and containers send: SIGINT and SIGTERM.
    public static let interruptOrTerminate = StopSignals(numbers: [2, 15])

    /// One bit for each signal, as the C side has them.
    fileprivate func bits() throws(ConfigurationError) -> UInt64 {
        guard !numbers.isEmpty, numbers.allSatisfy({ (1...63).contains($0) }) else {
            throw ConfigurationError(field: "until", expected: "signals from 1 to 63", got: "\(numbers)")
        }
        return numbers.reduce(0) { $0 | 1 << UInt64($1) }
    }
}

/// When the last thread of a group has ended, for whoever waits for it.
final class GroupEnd: Sendable {
    private struct State {
        var running = 0
        var waiters: [@Sendable () -> Void] = []
    }

    private let state = Locked(State())

    /// So many threads are about to begin.
    func begin(_ count: Int) { state.withLock { $0.running = count } }

    /// One thread has ended, or could not be had.
    func ended(_ count: Int = 1) {
        let due = state.withLock { state -> [@Sendable () -> Void] in
            state.running -= count
            guard state.running == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in due { waiter() }
    }

    /// Has `body` run once no thread is left: at once, on this thread, where there is none.
    func whenReached(_ body: @escaping @Sendable () -> Void) {
        let isReached = state.withLock { state -> Bool in
            if state.running > 0 { state.waiters.append(body) }
            return state.running == 0
        }
        if isReached { body() }
    }

    /// Suspends until no thread is left.
    func wait() async {
        await awaitedAnswer { answer in whenReached { answer.give() } }
    }
}

extension EventLoopGroup {
    /// Starts the loops, and returns when `shutdown` was called from elsewhere and all of them have ended.
    public func run() throws(SystemError) {
        try start()
        wait()
    }

    /// Starts the loops, waits for one of the signals, and shuts down in good order: stops accepting, and
    /// lets connections drain for at most `grace`. Returns earlier where `shutdown` was called elsewhere.
    ///
    /// ```swift
    /// try server.run(until: .interruptOrTerminate, grace: .seconds(5))
    /// ```
    /// **Signals.** Handlers are installed for this call alone, and what was there before is put back as soon
    /// as the first signal has come: a second Ctrl-C does what it did before, which by default ends the
    /// process at once. Several groups may wait for the same signals, up to 16 in a process.
    /// **Threads.** The caller's is blocked until the end; not from a loop's own.
    ///
    /// - Returns: the signal that came; nil where the end had another reason.
    @discardableResult
    public func run(until signals: StopSignals, grace: Duration = .seconds(10)) throws -> Int32? {
        let bits = try signals.bits()
        let watch = zc_signals_watch(bits)
        guard watch >= 0 else {
            throw SystemError("sigaction", on: "signals \(signals.numbers)", errno: .current)
        }
        let came: Int32
        do {
            defer { zc_signals_release(watch) }
            try start()
            let isOver = Locked(false)
            end.whenReached { isOver.withLock { if !$0 { zc_signals_wake(watch) } } }
            came = zc_signals_wait(watch)
            isOver.withLock { $0 = true }
        }
        shutdown(grace: grace)
        wait()
        return came == 0 ? nil : came
    }

    /// Asks every loop to stop accepting, lets connections drain for at most `grace`, and suspends until the
    /// loops have ended: what was sent before is with the kernel then, or its connection had its time.
    ///
    /// ```swift
    /// connection.send("goodbye\n")
    /// await client.stop(grace: .seconds(2))
    /// ```
    /// Cancelling the task shortens nothing; `shutdown(grace: .zero)` from elsewhere does.
    public func stop(grace: Duration = .seconds(10)) async {
        shutdown(grace: grace)
        await end.wait()
        wait()
    }
}
