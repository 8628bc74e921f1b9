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
        let box = HandlerBox<Handler>()
        let handler = unsafe box.place
        let states = StateStore<Handler.State>()
        // SAFETY: the box initialises `handler` in `started`, which comes before every other call, and keeps
        // it until after `stopped`; `states` holds an initialised state between `prepare` and `dispose`.
        let statePlace = { (base: ConnectionBase) in
            unsafe StatePlace(states.place(of: base.slot[].id))
        }
        return ConnectionRole(
            name: "\(Handler.self)", limits: limits, service: admission,
            prepare: { base in
                states.reserve(base.slot[].id)
                unsafe states.place(of: base.slot[].id).initialize(to: handler.pointee.makeState())
            },
            dispose: { base in unsafe states.place(of: base.slot[].id).deinitialize(count: 1) },
            opened: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onOpen(&peer)
            },
            received: { base, data in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onData(data, from: &peer)
            },
            writable: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onWritable(&peer)
            },
            peerEnded: { base in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onPeerEnded(&peer)
            },
            closed: { base, reason in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onClose(&peer, reason)
            },
            timerFired: { base, tag in
                var peer = unsafe Connection(base: base, state: states.place(of: base.slot[].id))
                unsafe handler.pointee.onTimer(tag, of: &peer)
            },
            started: { context in
                box.make(makeHandler())
                unsafe handler.pointee.onStart(context)
            },
            stopped: { context in
                unsafe handler.pointee.onStop(context)
                box.drop()
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
