internal import CZCNet
import ZCLibC

/// Readiness through epoll, turned into completions.
///
/// Every socket is registered once, edge-triggered, for both directions. Pausing, resuming and waiting for
/// room cost no system call then: a paused connection's edge is remembered by its owner asking again, and an
/// edge for writing comes by itself after a short write. What an edge costs instead is care: a reception that
/// filled its memory may have left bytes behind, so the connection is looked at again, fairly, in the next
/// turn.
package final class EpollDriver: Driver {
    package let sendsDirectly = true
    package let clock = MonotonicClock.system

    /// Connections accepted in a row before the others have their turn.
    private static let acceptsMax = 64
    private static let eventsInitial = 256
    private static let eventsMax = 8192

    private let epoll: Int32
    private let wakeDescriptor: Int32
    private let state: LoopOwned<State>

    /// SAFETY: `@safe` because `events` has room for `capacity` events and is freed by `deinit`.
    @safe
    private struct State: ~Copyable {
        var alarm: Alarm
        var events: UnsafeMutablePointer<zc_epoll_event>
        var capacity: Int
        /// Connections that may have more to receive though no edge will say so.
        var again: [Token] = []
        /// The other half of a double buffer, so that a turn's list is not grown while it is walked.
        var spare: [Token] = []
        /// Connections on their way up: their first event for writing means `connected`.
        var connecting: Set<Token> = []
    }

    package init() throws(SystemError) {
        let alarm = try Alarm(clock: clock)
        let alarmDescriptor = alarm.descriptor
        epoll = try systemCall("epoll_create1") { zc_epoll_create() }
        do {
            wakeDescriptor = try systemCall("eventfd") { zc_eventfd() }
        } catch {
            KernelSocket.closeNow(Descriptor(rawValue: epoll))
            throw error
        }
        state = unsafe LoopOwned(
            allocating: State(
                alarm: alarm, events: .allocate(capacity: Self.eventsInitial), capacity: Self.eventsInitial))
        for descriptor in [wakeDescriptor, alarmDescriptor] {
            try register(Descriptor(rawValue: descriptor), ZC_EPOLLIN | ZC_EPOLLET, .wake)
        }
    }

    deinit {
        KernelSocket.closeNow(Descriptor(rawValue: epoll))
        KernelSocket.closeNow(Descriptor(rawValue: wakeDescriptor))
        // SAFETY: the loop's thread has ended, nobody refers to the state any more.
        unsafe state[].events.deallocate()
        state.free()
    }

    // MARK: The thread

    package func begin() {}

    package func end() {}

    // MARK: Listening

    package func listen(
        on address: SocketAddress, options: ListenerOptions
    ) throws(SystemError) -> (Descriptor, SocketAddress) {
        try KernelSocket.listen(on: address, options: options)
    }

    package func startAccepting(_ listener: Descriptor, token: Token) throws(SystemError) {
        // Level-triggered: a backlog left behind by the turn's budget, or by a pause, is reported again.
        try register(listener, ZC_EPOLLIN, token)
    }

    package func stopAccepting(_ listener: Descriptor, token: Token) {
        _ = zc_epoll_remove(epoll, listener.rawValue)
    }

    package func closeListener(_ listener: Descriptor, token: Token) { KernelSocket.closeNow(listener) }

    private func accept(_ listener: Descriptor, token: Token, into sink: any CompletionSink) -> Int {
        var accepted = 0
        while accepted < Self.acceptsMax {
            switch KernelSocket.accept(listener) {
            case .success(nil): return accepted
            case .success((let descriptor, let peer)?):
                accepted += 1
                guard sink.accepted(token, descriptor: descriptor, peer: peer) else {
                    stopAccepting(listener, token: token)
                    return accepted
                }
            case .failure(let failure):
                accepted += 1
                guard sink.acceptFailed(token, errno: failure.errno) else { continue }
                stopAccepting(listener, token: token)
                return accepted
            }
        }
        return accepted
    }

    // MARK: Connections

    package func connect(
        to address: SocketAddress, options: SocketOptions, token: Token
    ) throws(SystemError) -> Descriptor {
        let (descriptor, _) = try KernelSocket.connect(to: address, options: options)
        do {
            try register(descriptor, Self.connectionEvents, token)
        } catch {
            KernelSocket.closeNow(descriptor)
            throw error
        }
        state[].connecting.insert(token)
        return descriptor
    }

    package func configure(_ descriptor: Descriptor, options: SocketOptions) {
        KernelSocket.configure(descriptor, options: options)
    }

    package func attach(_ descriptor: Descriptor, token: Token) throws(SystemError) {
        do {
            try register(descriptor, Self.connectionEvents, token)
        } catch  where error.errno.rawValue == EEXIST {
            // Registered by `connect`; bytes may have come before anybody wanted them.
            state[].again.append(token)
        }
    }

    package func pauseReceiving(_ descriptor: Descriptor, token: Token) {}

    package func resumeReceiving(_ descriptor: Descriptor, token: Token) { state[].again.append(token) }

    package func send(_ descriptor: Descriptor, token: Token, vectors: IOVectors) -> SendOutcome {
        KernelSocket.send(descriptor, vectors: vectors)
    }

    package func sendFile(_ descriptor: Descriptor, token: Token, from file: borrowing FileSource)
        -> SendOutcome
    {
        KernelSocket.sendFile(descriptor, from: file)
    }

    package func finishSending(_ descriptor: Descriptor, token: Token) {
        KernelSocket.finishSending(descriptor)
    }

    package func close(_ descriptor: Descriptor, token: Token, reset: Bool) {
        if !state[].connecting.isEmpty { state[].connecting.remove(token) }
        KernelSocket.close(descriptor, reset: reset)
    }

    package func unacknowledgedBytes(of descriptor: Descriptor, token: Token) -> Int {
        KernelSocket.unacknowledgedBytes(of: descriptor)
    }

    package func hasPeerEnded(_ descriptor: Descriptor, token: Token) -> Bool {
        KernelSocket.hasPeerEnded(descriptor)
    }

    package func localAddress(of descriptor: Descriptor) -> SocketAddress? {
        KernelSocket.localAddress(of: descriptor)
    }

    private static let connectionEvents =
        ZC_EPOLLIN | ZC_EPOLLOUT | ZC_EPOLLRDHUP | ZC_EPOLLET

    private func register(_ descriptor: Descriptor, _ events: UInt32, _ token: Token) throws(SystemError) {
        let epoll = epoll
        _ = try systemCall("epoll_ctl") { zc_epoll_add(epoll, descriptor.rawValue, events, token.rawValue) }
    }

    // MARK: The turn

    package func poll(timeoutNanoseconds: Int64, into sink: any CompletionSink) throws(SystemError) -> Int {
        let timeout = state[].again.isEmpty ? state[].alarm.waitLimit(timeoutNanoseconds) : 0
        let count = unsafe zc_epoll_wait(epoll, state[].events, Int32(state[].capacity), timeout)
        if count < 0 {
            let code = Errno.current
            if code != .interrupted { throw SystemError("epoll_wait", errno: code) }
        }
        sink.awoke()
        if count < 0 { return -1 }
        var completions = 0
        for index in 0..<Int(count) {
            // SAFETY: the kernel filled `count` events; the array only grows after this loop.
            let event = unsafe state[].events[index]
            completions += dispatch(Token(rawValue: event.data), event.events, into: sink)
        }
        completions += lookAgain(into: sink)
        if Int(count) == state[].capacity { growEvents() }
        return completions
    }

    package func wake() {
        var one: UInt64 = 1
        // A full counter means a wake-up is pending already; nothing else can fail here.
        _ = unsafe write(wakeDescriptor, &one, 8)
    }

    @inline(__always)
    private func dispatch(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Int {
        if token.rawValue >> 63 == 0 {
            return connectionEvent(token, events, into: sink)
        }
        if token == .wake {
            // Edge-triggered: neither the counter nor the alarm need be read to be reported again.
            return 0
        }
        guard let listener = sink.descriptor(of: token) else { return 0 }
        return accept(listener, token: token, into: sink)
    }

    @inline(__always)
    private func connectionEvent(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Int {
        if !state[].connecting.isEmpty && state[].connecting.remove(token) != nil {
            return reportConnected(token, into: sink)
        }
        var completions = 0
        if events & ZC_EPOLLOUT != 0 {
            sink.sent(token, count: 0)
            completions += 1
        }
        let incoming = ZC_EPOLLIN | ZC_EPOLLRDHUP | ZC_EPOLLHUP | ZC_EPOLLERR
        guard events & incoming != 0 else { return completions }
        return completions + receive(token, events, into: sink)
    }

    private func reportConnected(_ token: Token, into sink: any CompletionSink) -> Int {
        guard let descriptor = sink.descriptor(of: token) else { return 0 }
        if let code = KernelSocket.pendingError(of: descriptor) {
            sink.failed(token, errno: code)
        } else {
            sink.connected(token)
        }
        return 1
    }

    private func receive(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Int {
        let reception = KernelSocket.receive(token, events, into: sink)
        if reception.isMore { state[].again.append(token) }
        return reception.completions
    }

    private func lookAgain(into sink: any CompletionSink) -> Int {
        if state[].again.isEmpty { return 0 }
        swap(&state[].spare, &state[].again)
        var completions = 0
        // Whether the end stands behind the bytes is not known here, so look until the kernel says there is
        // no more.
        // Why by index: an iterator retains the list.
        for index in 0..<state[].spare.count {
            completions += receive(state[].spare[index], ZC_EPOLLRDHUP, into: sink)
        }
        state[].spare.removeAll(keepingCapacity: true)
        return completions
    }

    private func growEvents() {
        guard state[].capacity < Self.eventsMax else { return }
        // SAFETY: called between turns, when no event is being looked at.
        unsafe state[].events.deallocate()
        state[].capacity *= 2
        unsafe state[].events = .allocate(capacity: state[].capacity)
    }
}

/// Ends a driver's wait when the loop's next timer is due, in place of a limit of the wait itself.
///
/// Why: for a wait with a limit the kernel begins a timer of its own and takes it back, each time. In a
/// virtual machine that is a tenth of all that a message costs which wakes the loop. The next of a loop's
/// timers is mostly an idle limit, the same for thousands of waits, so the alarm is set once and stays.
///
/// It rings early where it was set for a timer that is cancelled by then, which costs a turn, and late by
/// `tolerance` at most. One thread at a time.
struct Alarm: ~Copyable {
    /// What is nearer than this limits the wait itself: timers that come and go every turn set no alarm.
    static var nearest: Int64 { 1_000_000 }
    /// A wait's own limit may be exceeded by as much, which is the kernel's usual slack.
    static var tolerance: Int64 { 50_000 }

    /// Readable from when it has rung until it is set again; nobody reads it. To be watched by its edges.
    let descriptor: Int32
    private let clock: MonotonicClock
    /// For when it was set last.
    private(set) var due = MonotonicInstant.zero

    init(clock: MonotonicClock) throws(SystemError) {
        descriptor = try systemCall("timerfd_create") { zc_timerfd() }
        self.clock = clock
    }

    deinit { KernelSocket.closeNow(Descriptor(rawValue: descriptor)) }

    /// How long the wait itself may last so that it ends after `nanoseconds`: for ever, where the alarm will
    /// end it. Negative is for ever. Calls the kernel only where the alarm is to be set.
    mutating func waitLimit(_ nanoseconds: Int64) -> Int64 {
        guard nanoseconds >= Self.nearest else { return nanoseconds }
        let now = clock.now()
        let end = now.later(byNanoseconds: nanoseconds)
        if due > now && due <= end.later(byNanoseconds: Self.tolerance) { return -1 }
        guard zc_timerfd_set(descriptor, end.nanoseconds) == 0 else { return nanoseconds }
        due = end
        return -1
    }
}
