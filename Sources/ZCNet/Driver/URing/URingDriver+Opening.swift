internal import CZCNet
import ZCLibC

/// A listening socket, and connections that the kernel accepted after they were no longer wanted.
struct URingListener {
    let descriptor: Descriptor
    /// Whether connections are wanted.
    var isAccepting = true
    /// Whether the request to accept is in the kernel.
    var isArmed = false
    /// Accepted ahead of being wanted; the first to be offered next time.
    var waiting: [Descriptor] = []
}

extension URingDriver {
    // MARK: Listening

    package func listen(
        on address: SocketAddress, options: ListenerOptions
    ) throws(SystemError) -> (Descriptor, SocketAddress) {
        try KernelSocket.listen(on: address, options: options)
    }

    private static func number(_ token: Token) -> UInt32 { UInt32(truncatingIfNeeded: token.rawValue) }

    package func startAccepting(_ listener: Descriptor, token: Token) throws(SystemError) {
        let number = Self.number(token)
        if state[].listeners[number] == nil {
            state[].listeners[number] = URingListener(descriptor: listener)
        }
        state[].listeners[number]?.isAccepting = true
        if state[].listeners[number]?.waiting.isEmpty == false {
            // Offered by the next turn, as the sink is not called from here.
            state[].hasWaiting = true
            wake()
        }
        armAccepting(number)
    }

    /// Has the kernel accept. Before the loop runs nothing can be submitted, and a request that waits would
    /// name a descriptor that may be another socket's by then: `begin` arms what is there.
    private func armAccepting(_ number: UInt32) {
        guard state[].queue.isEnabled, let listener = state[].listeners[number], !listener.isArmed
        else { return }
        state[].listeners[number]?.isArmed = true
        let data = Self.userData(URingOperation.accept, number: number)
        requestAccepting(listener.descriptor.rawValue, repeats: state[].acceptsAhead, data)
    }

    /// One connection per request, and so one per turn. A request that repeats takes all that wait in the
    /// backlog while it is submitted, which for a thousand is milliseconds in which nobody else is served.
    package func acceptOneByOne() { state[].acceptsAhead = false }

    func armAllAccepting() {
        for (number, listener) in state[].listeners where listener.isAccepting { armAccepting(number) }
    }

    package func stopAccepting(_ listener: Descriptor, token: Token) {
        let number = Self.number(token)
        guard state[].listeners[number]?.isAccepting == true else { return }
        state[].listeners[number]?.isAccepting = false
        if state[].listeners[number]?.isArmed == true {
            cancel(Self.userData(URingOperation.accept, number: number))
        }
    }

    package func closeListener(_ listener: Descriptor, token: Token) {
        let number = Self.number(token)
        if let known = state[].listeners.removeValue(forKey: number) {
            for descriptor in known.waiting { KernelSocket.close(descriptor, reset: true) }
            if known.isArmed { cancel(Self.userData(URingOperation.accept, number: number)) }
            // The kernel lets go of the socket when the request is gone, and until then would accept.
            if state[].queue.isEnabled { submit() }
        }
        KernelSocket.closeNow(listener)
    }

    func acceptCompleted(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        let number = UInt32(truncatingIfNeeded: completion.user_data & 0xFFFF_FFFF)
        let token = Token(listener: number)
        guard state[].listeners[number] != nil else {
            dropAccepted(completion)
            return 0
        }
        if completion.flags & ZC_URING_CQE_MORE == 0 { state[].listeners[number]?.isArmed = false }
        var completions = 0
        if completion.result >= 0 {
            completions = take(Descriptor(rawValue: completion.result), number, into: sink)
        } else if completion.result != -ECANCELED {
            completions = 1
            if sink.acceptFailed(token, errno: Errno(rawValue: -completion.result)) {
                stopAccepting(.none, token: token)
            }
        }
        if let listener = state[].listeners[number], listener.isAccepting, !listener.isArmed {
            armAccepting(number)
        }
        return completions
    }

    /// Closes what was accepted for a listener that is no more.
    func dropAccepted(_ completion: zc_cqe) {
        if completion.result < 0 { return }
        KernelSocket.close(Descriptor(rawValue: completion.result), reset: true)
    }

    /// Offers a connection that was just accepted, behind those that wait.
    private func take(_ descriptor: Descriptor, _ number: UInt32, into sink: any CompletionSink) -> Int {
        guard let listener = state[].listeners[number] else { return 0 }
        if listener.isAccepting && listener.waiting.isEmpty {
            offer(descriptor, number, into: sink)
            return 1
        }
        state[].listeners[number]?.waiting.append(descriptor)
        return offerAccepted(number, into: sink)
    }

    private func offer(_ descriptor: Descriptor, _ number: UInt32, into sink: any CompletionSink) {
        let token = Token(listener: number)
        let peer = KernelSocket.peer(of: descriptor)
        if !sink.accepted(token, descriptor: descriptor, peer: peer) {
            stopAccepting(.none, token: token)
        }
    }

    /// Offers those that wait, for as long as they are wanted.
    private func offerAccepted(_ number: UInt32, into sink: any CompletionSink) -> Int {
        guard let waiting = state[].listeners[number]?.waiting else { return 0 }
        state[].listeners[number]?.waiting = []
        var completions = 0
        while completions < waiting.count, state[].listeners[number]?.isAccepting == true {
            completions += 1
            offer(waiting[completions - 1], number, into: sink)
        }
        if state[].listeners[number] != nil {
            state[].listeners[number]?.waiting.insert(contentsOf: waiting[completions...], at: 0)
        } else {
            for descriptor in waiting[completions...] { KernelSocket.close(descriptor, reset: true) }
        }
        return completions
    }

    /// Offers what was accepted ahead, once it is wanted.
    func offerWaiting(into sink: any CompletionSink) -> Int {
        state[].hasWaiting = false
        var completions = 0
        for (number, listener) in state[].listeners where listener.isAccepting && !listener.waiting.isEmpty {
            completions += offerAccepted(number, into: sink)
        }
        return completions
    }

    package func configure(_ descriptor: Descriptor, options: SocketOptions) {
        KernelSocket.configure(descriptor, options: options)
    }

    package func localAddress(of descriptor: Descriptor) -> SocketAddress? {
        KernelSocket.localAddress(of: descriptor)
    }

    // MARK: Connecting

    package func connect(
        to address: SocketAddress, options: SocketOptions, token: Token
    ) throws(SystemError) -> Descriptor {
        let (descriptor, _) = try KernelSocket.connect(to: address, options: options)
        let record = register(descriptor, token)
        record[].flags.insert(.connecting)
        record[].turn = state[].turn
        let data = userData(URingOperation.connect, record)
        requestReadiness(descriptor.rawValue, ZC_EPOLLOUT, repeats: false, data)
        return descriptor
    }

    func connectCompleted(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        guard let record = find(completion), completion.result != -ECANCELED else { return 0 }
        record[].flags.remove(.connecting)
        let token = record[].token
        if let code = KernelSocket.pendingError(of: record[].descriptor) {
            sink.failed(token, errno: code)
        } else {
            sink.connected(token)
        }
        return 1
    }
}
