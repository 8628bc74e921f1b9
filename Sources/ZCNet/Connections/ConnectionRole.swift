/// What a loop calls for the connections of one kind, one role per kind and loop.
///
/// The closures are formed where the handler's type is known, so that what runs inside them is specialised
/// for it; the loop pays one indirect call per event, not per message.
@usableFromInline
package final class ConnectionRole {
    /// A name for logs and metrics.
    @usableFromInline package let name: String
    @usableFromInline package let limits: ConnectionLimits
    /// Whom to tell that a connection has ended; nil for outgoing ones.
    @usableFromInline let service: Admission?
    /// Makes the handler's state for a slot, and drops it.
    @usableFromInline let prepare: (ConnectionBase) -> Void
    @usableFromInline let dispose: (ConnectionBase) -> Void
    @usableFromInline let opened: (ConnectionBase) -> Void
    /// Delivers bytes; what the handler leaves unread it says by the connection, see `leaveUnread`.
    @usableFromInline let received: (ConnectionBase, borrowing ReceivedChunk) -> Void
    @usableFromInline let writable: (ConnectionBase) -> Void
    @usableFromInline let peerEnded: (ConnectionBase) -> Void
    @usableFromInline let closed: (ConnectionBase, CloseReason) -> Void
    @usableFromInline let timerFired: (ConnectionBase, ConnectionTimerTag) -> Void
    @usableFromInline let started: (borrowing LoopContext) -> Void
    @usableFromInline let stopped: (borrowing LoopContext) -> Void
    /// Asked when somebody outside the protocol wants a connection to end in good order: lets the protocol
    /// say goodbye. True means that the protocol will end the connection itself, within a time that it
    /// bounds. A callback of the same handler may be running, for another connection or for this one: what is
    /// called here has the protocol's own state, and nothing of the handler's.
    @usableFromInline let farewell: Farewell?

    /// Asked when there is something to be received for a connection that receives in turns, where the driver
    /// can tell before it has received it: false leaves it in the socket, and the role, which has paused
    /// reading, resumes it when the connection's turn comes. Takes no memory for whoever waits.
    let mayReceive: ((ConnectionBase) -> Bool)?

    /// Where a connection's state lies, for a protocol layer that knows its type.
    @usableFromInline let statePlace: (ConnectionBase) -> StatePlace

    /// What the protocol layer holds for a connection, where it holds anything.
    @usableFromInline let memory: ProtocolMemory?

    @usableFromInline package typealias Farewell = (ConnectionBase, CloseReason) -> Bool

    // The limits once more, in the units that the loop compares with.
    let highWatermark: UInt32
    let lowWatermark: UInt32

    @usableFromInline
    package init(
        name: String, limits: ConnectionLimits, service: Admission?,
        prepare: @escaping (ConnectionBase) -> Void,
        dispose: @escaping (ConnectionBase) -> Void,
        opened: @escaping (ConnectionBase) -> Void,
        received: @escaping (ConnectionBase, borrowing ReceivedChunk) -> Void,
        writable: @escaping (ConnectionBase) -> Void,
        peerEnded: @escaping (ConnectionBase) -> Void,
        closed: @escaping (ConnectionBase, CloseReason) -> Void,
        timerFired: @escaping (ConnectionBase, ConnectionTimerTag) -> Void,
        started: @escaping (borrowing LoopContext) -> Void,
        stopped: @escaping (borrowing LoopContext) -> Void,
        statePlace: @escaping (ConnectionBase) -> StatePlace,
        farewell: Farewell? = nil, memory: ProtocolMemory? = nil,
        mayReceive: ((ConnectionBase) -> Bool)? = nil
    ) {
        self.name = name
        self.limits = limits
        self.service = service
        self.prepare = prepare
        self.dispose = dispose
        self.opened = opened
        self.received = received
        self.writable = writable
        self.peerEnded = peerEnded
        self.closed = closed
        self.timerFired = timerFired
        self.started = started
        self.stopped = stopped
        self.statePlace = statePlace
        self.farewell = farewell
        self.memory = memory
        self.mayReceive = mayReceive
        highWatermark = UInt32(clamping: limits.outboundHighWatermarkBytes)
        lowWatermark = UInt32(clamping: limits.outboundLowWatermarkBytes)
    }
}

/// Tells a connection's own timers apart; see `Connection.schedule(after:tag:)`.
@frozen
public struct ConnectionTimerTag: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// 0 to 199; the numbers above serve the library.
    public let rawValue: UInt8

    /// Wraps a number.
    ///
    /// - Precondition: `rawValue < 200`.
    public init(rawValue: UInt8) {
        precondition(rawValue < Self.libraryBegin, "tags of 200 and more serve the library")
        self.rawValue = rawValue
    }

    /// A tag of the library's own, see TimerTags.swift.
    @inlinable
    package init(library number: UInt8) { rawValue = number }

    /// A tag written as a number.
    public init(integerLiteral value: UInt8) { self.init(rawValue: value) }
}

extension ConnectionRole {
    /// The role that a handler plays. Inlined into the application, so that the closures are specialised for
    /// its handler and call it directly.
    ///
    /// - Parameters:
    ///   - farewell: see `ConnectionRole.farewell`; for protocol layers. It gets no handler: one of the
    ///     handler's own callbacks may be running, which has the handler for itself.
    ///   - memory: likewise, given where a connection's state lies.
    ///   - mayReceive: see `ConnectionRole.mayReceive`.
    @inlinable
    package static func serving<Handler: ConnectionHandler & ~Copyable>(
        _ limits: ConnectionLimits, _ admission: Admission?, _ makeHandler: @escaping @Sendable () -> Handler,
        farewell: ((borrowing Connection<Handler.State>, CloseReason) -> Bool)? = nil,
        memory: ((@escaping (ConnectionBase) -> StatePlace) -> ProtocolMemory)? = nil,
        mayReceive: ((borrowing Connection<Handler.State>) -> Bool)? = nil
    ) -> ConnectionRole {
        let cell = OwnedCell<Handler>()
        let handler = cell.place
        let states = StateStore<Handler.State>()
        // SAFETY: the cell is filled in `started`, which comes before every other call, and emptied after
        // `stopped`; `states` holds an initialised state between `prepare` and `dispose`.
        let kind = StatePlace.Kind(Handler.State.self)
        let statePlace = { (base: ConnectionBase) in
            StatePlace(states.place(of: base.slot[].id), kind)
        }
        return ConnectionRole(
            name: "\(Handler.self)", limits: limits, service: admission,
            prepare: { base in
                states.reserve(base.slot[].id)
                states.fill(base.slot[].id, handler[].makeState())
            },
            dispose: { base in
                states.empty(base.slot[].id)
                states.leave(base.slot[].id)
            },
            opened: { base in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onOpen(&peer)
            },
            received: { base, data in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onData(data, from: &peer)
            },
            writable: { base in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onWritable(&peer)
            },
            peerEnded: { base in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onPeerEnded(&peer)
            },
            closed: { base, reason in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onClose(&peer, reason)
            },
            timerFired: { base, tag in
                var peer = Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onTimer(tag, of: &peer)
            },
            started: { context in
                cell.fill(makeHandler())
                handler[].onStart(context)
            },
            stopped: { context in
                handler[].onStop(context)
                cell.empty()
            },
            statePlace: statePlace,
            farewell: farewell.map { farewell in
                { base, reason in
                    farewell(Connection(base: base, state: states.place(of: base.slot[].id)), reason)
                }
            },
            memory: memory.map { $0(statePlace) },
            mayReceive: mayReceive.map { mayReceive in
                { base in mayReceive(Connection(base: base, state: states.place(of: base.slot[].id))) }
            })
    }
}
