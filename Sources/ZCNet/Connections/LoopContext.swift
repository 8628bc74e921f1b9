/// A loop, lent to a callback or to posted work that runs on it.
///
/// Like a connection's handle it cannot leave the callback. It reaches every connection of its loop by id.
@safe @frozen
public struct LoopContext: ~Copyable, ~Escapable {
    // SAFETY: lent by the host itself, on its thread, for the length of a callback.
    @usableFromInline let hostReference: LoopReference<ConnectionHost>
    /// The role on whose behalf the loop is lent.
    @usableFromInline let service: UInt16

    @_lifetime(immortal)
    init(host: ConnectionHost, service: UInt16) {
        hostReference = LoopReference(host)
        self.service = service
    }

    /// The loop of a connection, for a protocol layer that lends it for as long as the connection.
    @_lifetime(immortal)
    package init(_ base: ConnectionBase) {
        hostReference = base.hostReference
        service = base.slot[].role
    }

    /// The loop of a connection, lent for as long as the connection.
    @_lifetime(copy connection)
    init<State>(of connection: borrowing Connection<State>) {
        hostReference = connection.base.hostReference
        service = connection.base.slot[].role
    }

    private borrowing func withHost<Result>(_ body: (ConnectionHost) -> Result) -> Result {
        hostReference.with(body)
    }

    /// The loop's place in its group.
    public var index: Int { withHost { $0.loop.index } }

    /// The handle that other threads post through.
    public var eventLoop: EventLoop { withHost { $0.loop } }

    /// When this turn of the loop began.
    public var now: MonotonicInstant { withHost { $0.loop.now } }

    /// How many connections the loop serves, of all servers and clients on it.
    public var connectionCount: Int { withHost { $0.connectionCount } }

    /// Sends to a connection of this loop; `closed` for any other id.
    @discardableResult
    public func send(_ bytes: SharedBytes, to id: ConnectionID) -> SendResult {
        withHost { host in host.find(id).map { host.send($0, bytes, key: 0) } ?? .closed }
    }

    /// Sends to a connection of this loop; the bytes are copied, or in the kernel, when the turn ends.
    @discardableResult
    public func send(_ bytes: RawSpan, to id: ConnectionID) -> SendResult {
        withHost { host in
            guard let slot = host.find(id) else { return .closed }
            return host.send(slot, bytes)
        }
    }

    /// Sends to every open connection of this handler's server, on this loop and on its siblings.
    ///
    /// One reference per connection, one message per sibling loop. Each connection's own limits and policy
    /// apply; the answer counts what this loop's connections took.
    @discardableResult
    public func broadcast(_ bytes: SharedBytes, except: ConnectionID? = nil) -> Int {
        withHost { host in
            host.siblings.broadcast(bytes, role: service, except: except, from: host.loop.index)
            return host.broadcast(bytes, role: service, except: except)
        }
    }

    /// Ends a connection of this loop in good order; nothing happens for any other id.
    public func close(_ id: ConnectionID, _ cause: CloseCause = .local) {
        withHost { host in
            guard let slot = host.find(id) else { return }
            host.leave(slot, CloseReason(cause))
        }
    }

    /// The ids of this handler's open connections on this loop. O(connections), allocates.
    public var connections: [ConnectionID] { withHost { $0.connections(role: service) } }

    /// Runs `task` on this loop after `delay`. Allocates; for periodic work of many connections use their
    /// timers.
    @discardableResult
    public func schedule(after delay: Duration, _ task: @escaping (borrowing LoopContext) -> Void) -> TimerID
    {
        let service = service
        return withHost { host in
            host.schedule(after: delay) { [unowned host] in task(LoopContext(host: host, service: service)) }
        }
    }

    /// Cancels a timer that `schedule` armed.
    public func cancel(_ timer: TimerID) { withHost { $0.cancel(timer) } }
}

extension ConnectionHost {
    /// Stands for all roles, where a loop is lent to nobody's handler.
    static let everyRole = UInt16.max

    private func serves(_ slot: LoopOwned<ConnectionSlot>, _ role: UInt16) -> Bool {
        (role == Self.everyRole || slot[].role == role)
            && slot[].flags.isDisjoint(with: [.closing, .connecting])
    }

    func broadcast(_ bytes: SharedBytes, role: UInt16, except: ConnectionID?) -> Int {
        var accepted = 0
        state[].table.forEach { slot in
            guard serves(slot, role), slot[].id != except else { return }
            if send(slot, bytes, key: 0).isAccepted { accepted += 1 }
        }
        return accepted
    }

    func connections(role: UInt16) -> [ConnectionID] {
        var ids: [ConnectionID] = []
        state[].table.forEach { slot in
            if serves(slot, role) { ids.append(slot[].id) }
        }
        return ids
    }
}

extension EventLoop {
    /// Runs `work` on the loop soon, in the order of posting, with the loop lent to it. Any thread.
    ///
    /// A burst of posts wakes the loop once. `full` means that more messages wait than `mailboxMessagesMax`
    /// allows: the loop is overloaded or held up, and the caller has to slow down. Allocates the closure and
    /// a node.
    ///
    /// ```swift
    /// for id in subscribers { … }
    /// loop.post { context in context.send(bytes, to: id) }
    /// ```
    @discardableResult
    public func post(_ work: @escaping @Sendable (borrowing LoopContext) -> Void) -> PostResult {
        post(isControl: false, work)
    }

    /// As `post`; what is control passes a mailbox that is full, for work that is bounded by other means.
    @discardableResult
    package func post(
        isControl: Bool, _ work: @escaping @Sendable (borrowing LoopContext) -> Void
    ) -> PostResult {
        enqueue(isControl: isControl) { [self] in
            // Nil only for what is still in the mailbox when the loop has ended.
            guard let host = tenant as? ConnectionHost else { return }
            work(LoopContext(host: host, service: ConnectionHost.everyRole))
        }
    }

    /// Whether the loop owns a connection, which may be over. Any thread.
    public func owns(_ id: ConnectionID) -> Bool { id.loopNumber == number }
}
