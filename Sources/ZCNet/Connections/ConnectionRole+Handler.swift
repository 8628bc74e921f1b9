extension ConnectionRole {
    /// The role that a handler plays. Inlined into the application, so that the closures are specialised for
    /// its handler and call it directly.
    ///
    /// - Parameters:
    ///   - farewell: see `ConnectionRole.farewell`; for protocol layers. It gets no handler: one of the
    ///     handler's own callbacks may be running, which has the handler for itself.
    ///   - memory: likewise, given where a connection's state lies.
    @inlinable
    package static func serving<Handler: ConnectionHandler & ~Copyable>(
        _ limits: ConnectionLimits, _ admission: Admission?, _ makeHandler: @escaping @Sendable () -> Handler,
        farewell: ((borrowing Connection<Handler.State>, CloseReason) -> Bool)? = nil,
        memory: ((@escaping (ConnectionBase) -> StatePlace) -> ProtocolMemory)? = nil
    ) -> ConnectionRole {
        let cell = OwnedCell<Handler>()
        let handler = cell.place
        let states = StateStore<Handler.State>()
        // SAFETY: the cell is filled in `started`, which comes before every other call, and emptied after
        // `stopped`; `states` holds an initialised state between `prepare` and `dispose`.
        let kind = StatePlace.Kind(Handler.State.self)
        let statePlace = { (base: ConnectionBase) in
            unsafe StatePlace(states.place(of: base.slot[].id), kind)
        }
        return ConnectionRole(
            name: "\(Handler.self)", limits: limits, service: admission,
            prepare: { base in
                states.reserve(base.slot[].id)
                unsafe states.place(of: base.slot[].id).initialize(to: handler[].makeState())
            },
            dispose: { base in unsafe states.place(of: base.slot[].id).deinitialize(count: 1) },
            opened: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onOpen(&peer)
            },
            received: { base, data in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onData(data, from: &peer)
            },
            writable: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onWritable(&peer)
            },
            peerEnded: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onPeerEnded(&peer)
            },
            closed: { base, reason in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                handler[].onClose(&peer, reason)
            },
            timerFired: { base, tag in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
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
                    farewell(unsafe Connection(base: base, state: states.place(of: base.slot[].id)), reason)
                }
            },
            memory: memory.map { $0(statePlace) })
    }
}
