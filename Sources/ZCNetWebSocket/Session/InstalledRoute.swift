import ZCNet

/// A kind of conversation as one loop serves it.
@usableFromInline
struct InstalledRoute {
    /// The role that connections are handed over to.
    @usableFromInline let role: UInt16
    @usableFromInline let core: WebSocketCore

    /// A role that a loop has been given.
    init(role: UInt16, core: WebSocketCore) {
        self.role = role
        self.core = core
    }

    /// Gives a loop the role that serves a handler's connections.
    @inlinable
    init<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ core: WebSocketCore, on host: ConnectionHost, _ admission: Admission?, isClient: Bool,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        let bound = LoopBound(core)
        let role = ConnectionRole.serving(
            core.connectionLimits(of: host), admission,
            { WebSocketAdapter(makeHandler(), core: bound.value, isClient: isClient) },
            farewell: { peer, reason in
                WebSocketConnection(peer, bound.value).conversation.farewell(reason)
            },
            memory: core.memory(on: host))
        self.role = host.add(role)
        self.core = core
    }
}
