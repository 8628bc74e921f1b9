public import ZCNet
import ZCNetWebSocket

/// Servers whose connections are links.
extension GoimServer {
    /// Listens on one address or both, and serves each client by a task of its own once it is in; see
    /// ``GoimLink``.
    ///
    /// - Parameters:
    ///   - tcp: where TCP clients connect, such as `127.0.0.1:3101`; nil serves none.
    ///   - webSocket: where WebSocket clients connect, such as `127.0.0.1:3102`; nil serves none.
    ///   - configuration: its `goim.mode` has to be `loop`.
    ///   - group: loops to share with other servers and clients, not yet started; nil makes the server's own.
    ///   - queueBytesMax: how much may wait for a task that is busy elsewhere, before its peer is not read
    ///     from any more.
    ///   - authenticate: says who somebody is by their op 7, and may wait for others to know, within the
    ///     handshake timeout; nil believes whatever ``GoimToken`` comes.
    ///   - body: what is done with a client, on its loop. Where it ends, the connection does.
    public convenience init(
        tcp: String? = nil, webSocket: String? = nil, configuration: Configuration = Configuration(),
        group: EventLoopGroup? = nil, queueBytesMax: Int = 64 << 10,
        authenticate: (@Sendable (GoimMessage) async -> GoimVerdict)? = nil,
        link body: @escaping @Sendable (GoimLink) async throws -> Void
    ) throws {
        try self.init(
            tcp, webSocket, configuration, group, queueBytesMax, authenticate,
            makeOpened: { { GoimLinkCore.begin($0, body) } })
    }

    /// The same with a value for each loop and transport, which the bodies there have together; see
    /// `LoopState`.
    ///
    /// - Parameter makeState: makes the value, on its loop's thread, for the first client that is in.
    public convenience init<Value>(
        tcp: String? = nil, webSocket: String? = nil, configuration: Configuration = Configuration(),
        group: EventLoopGroup? = nil, queueBytesMax: Int = 64 << 10,
        authenticate: (@Sendable (GoimMessage) async -> GoimVerdict)? = nil,
        loopState makeState: @escaping @Sendable () -> Value,
        link body: @escaping @Sendable (GoimLink, LoopState<Value>) async throws -> Void
    ) throws {
        try self.init(
            tcp, webSocket, configuration, group, queueBytesMax, authenticate,
            makeOpened: {
                let place = LoopBound(LoopStatePlace(makeState))
                return { core in
                    place.value.begin(core.link.lane)
                    GoimLinkCore.begin(core) { try await body($0, LoopState(place.value)) }
                }
            })
    }

    private convenience init(
        _ tcp: String?, _ webSocket: String?, _ configuration: Configuration, _ group: EventLoopGroup?,
        _ queueBytesMax: Int, _ authenticate: GoimLinkHandler.Authenticate?,
        makeOpened: @escaping @Sendable () -> (GoimLinkCore) -> Void
    ) throws {
        guard case .loop = configuration.goim.mode else {
            throw ConfigurationError(field: "goim.mode", expected: "loop, for links", got: "consumer")
        }
        let makeHandler: @Sendable () -> GoimLinkHandler = {
            GoimLinkHandler(
                books: LinkBooks(queueBytesMax: queueBytesMax), authenticate: authenticate,
                opened: makeOpened())
        }
        try self.init(
            tcp, webSocket, configuration, group,
            stream: { core, limits, admission, flags in
                ConnectionRole.serving(
                    limits, admission,
                    { GoimStreamAdapter(makeHandler(), core: core, flags) },
                    farewell: GoimLinkPlace.farewell)
            },
            routes: { path, cores, flags in
                WebSocketRoutes { routes in
                    routes.webSocket(path, farewell: GoimLinkPlace.farewell) {
                        GoimWebSocketAdapter(makeHandler(), cores: cores, flags)
                    }
                }
            })
    }

    /// Serves until `shutdown` is called from elsewhere, or the calling task is cancelled, and everything has
    /// drained, for at most `grace`. Holds no thread.
    public func serve(grace: Duration = .seconds(10)) async throws { try await group.serve(grace: grace) }
}

/// Where a connection has its link, and what both transports ask it.
typealias GoimLinkPlace = LinkPlace<GoimLinkCore>

extension LinkPlace where Core == GoimLinkCore {
    static func farewell(
        _ peer: borrowing Connection<GoimState<GoimLinkPlace>>, _ reason: CloseReason
    ) -> Bool {
        peer.statePlace[].user.link?.with { $0.farewell(reason) } ?? false
    }

    @Sendable
    static func farewell(
        _ peer: borrowing WebSocketConnection<GoimState<GoimLinkPlace>>, _ reason: CloseReason
    ) -> Bool {
        WebSocketState.user(at: peer.place)[].user.link?.with { $0.farewell(reason) } ?? false
    }
}

extension GoimConnection where State == GoimLinkPlace {
    /// Makes the connection's link, which has just been let in.
    func openLink(_ books: LinkBooks) -> GoimLinkCore {
        let link = GoimLinkCore(conversation, books)
        place[].user.fill(link)
        return link
    }

    /// Runs `body` with the link; nil before there is one.
    func withLink(_ body: (GoimLinkCore) -> Void) { place[].user.link?.with(body) }

    /// The connection is over.
    func closeLink(_ reason: GoimCloseReason) {
        withLink { $0.closed(reason) }
        place[].user.empty()
    }
}

/// Tells links what happens to their connections, of a server or of a client. One per loop and transport.
struct GoimLinkHandler: GoimHandler, GoimClientHandler {
    typealias State = GoimLinkPlace
    typealias Authenticate = @Sendable (GoimMessage) async -> GoimVerdict

    let books: LinkBooks
    /// Nil believes whatever token comes. A client's is never asked.
    let authenticate: Authenticate?
    /// Does something about a link that has just opened: begins its task, or hands it to whoever asked.
    let opened: (GoimLinkCore) -> Void

    mutating func makeState() -> GoimLinkPlace { LinkPlace() }

    mutating func authenticate(
        _ request: borrowing GoimProto, from peer: inout GoimConnection<State>
    ) -> GoimVerdict {
        guard let authenticate else { return GoimVerdict(believing: request.bytes) }
        let promise = peer.promise
        let message = GoimMessage(request.header, body: request.copy())
        peer.conversation.base.loop.lane.begin(Decision()) {
            promise.answer(await authenticate(message))
        }
        return .later
    }

    /// A task that decides is waited for by nothing that the loop would have to wake.
    private final class Decision: TaskCanceller {
        func cancel() {}
    }

    mutating func onOpen(_ peer: inout GoimConnection<State>) { opened(peer.openLink(books)) }

    mutating func onMessage(_ proto: borrowing GoimProto, from peer: inout GoimConnection<State>) {
        peer.withholdReply()
        let (header, body) = (proto.header, proto.body.lent)
        peer.withLink { $0.received(header, body) }
    }

    mutating func onWritable(_ peer: inout GoimConnection<State>) { peer.withLink { $0.link.wake(.writer) } }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout GoimConnection<State>) {
        if tag == .sessionLink { peer.withLink { $0.link.timerFired() } }
    }

    mutating func onClose(_ peer: inout GoimConnection<State>, _ reason: GoimCloseReason) {
        peer.closeLink(reason)
    }
}
