internal import CZCNet
import Glibc

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

    private func armAccepting(_ number: UInt32) {
        guard let listener = state[].listeners[number], !listener.isArmed else { return }
        state[].listeners[number]?.isArmed = true
        let data = Self.userData(URingOperation.accept, number, 0)
        unsafe request { unsafe zc_uring_accept($0, listener.descriptor.rawValue, data) }
    }

    package func stopAccepting(_ listener: Descriptor, token: Token) {
        let number = Self.number(token)
        guard state[].listeners[number]?.isAccepting == true else { return }
        state[].listeners[number]?.isAccepting = false
        if state[].listeners[number]?.isArmed == true {
            cancel(Self.userData(URingOperation.accept, number, 0))
        }
    }

    package func closeListener(_ listener: Descriptor, token: Token) {
        let number = Self.number(token)
        if let known = state[].listeners.removeValue(forKey: number) {
            for descriptor in known.waiting { KernelSocket.close(descriptor, reset: true) }
            if known.isArmed { cancel(Self.userData(URingOperation.accept, number, 0)) }
            // The kernel lets go of the socket when the request is gone, and until then would accept.
            if state[].queue.isEnabled { submit() }
        }
        KernelSocket.closeNow(listener)
    }

    func acceptCompleted(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        let number = UInt32(truncatingIfNeeded: completion.user_data & 0xFFFF_FFFF)
        let token = Token(listener: number)
        guard state[].listeners[number] != nil else {
            if completion.result >= 0 {
                KernelSocket.close(Descriptor(rawValue: completion.result), reset: true)
            }
            return 0
        }
        if completion.flags & ZC_URING_CQE_MORE == 0 { state[].listeners[number]?.isArmed = false }
        var completions = 0
        if completion.result >= 0 {
            state[].listeners[number]?.waiting.append(Descriptor(rawValue: completion.result))
            completions = offerAccepted(number, token, into: sink)
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

    private func offerAccepted(_ number: UInt32, _ token: Token, into sink: any CompletionSink) -> Int {
        var completions = 0
        while let listener = state[].listeners[number], listener.isAccepting, !listener.waiting.isEmpty {
            let descriptor = listener.waiting[0]
            state[].listeners[number]?.waiting.removeFirst()
            completions += 1
            let peer = KernelSocket.peer(of: descriptor)
            if !sink.accepted(token, descriptor: descriptor, peer: peer) {
                stopAccepting(listener.descriptor, token: token)
            }
        }
        return completions
    }

    /// Offers what was accepted ahead, once it is wanted.
    func offerWaiting(into sink: any CompletionSink) -> Int {
        state[].hasWaiting = false
        var completions = 0
        for (number, listener) in state[].listeners where listener.isAccepting && !listener.waiting.isEmpty {
            completions += offerAccepted(number, Token(listener: number), into: sink)
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
        unsafe request { unsafe zc_uring_poll($0, descriptor.rawValue, ZC_EPOLLOUT, 0, data) }
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
