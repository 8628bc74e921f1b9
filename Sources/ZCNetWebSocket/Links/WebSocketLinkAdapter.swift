import ZCNet

/// Stands between a connection and its link: tells the link's core what happens. One per loop and route.
struct WebSocketLinkAdapter: ConnectionHandler {
    let core: WebSocketCore
    let isClient: Bool
    let books: LinkBooks
    /// Does something about a link that has just opened: begins its task, or hands it to whoever asked.
    let opened: (WebSocketLinkCore) -> Void

    typealias State = WebSocketState<LinkPlace<WebSocketLinkCore>>

    mutating func makeState() -> State {
        State(session: WebSocketSession(isClient: isClient), user: LinkPlace())
    }

    private func conversation(_ peer: borrowing Connection<State>) -> Conversation {
        WebSocketConnection(peer, core).conversation
    }

    /// Runs `body` with the connection's link; nil before it has opened.
    private func withLink<Result>(
        _ peer: borrowing Connection<State>, _ body: (WebSocketLinkCore) -> Result
    ) -> Result? {
        peer.statePlace[].user.link?.with(body)
    }

    mutating func onOpen(_ peer: inout Connection<State>) {
        let conversation = conversation(peer)
        guard let upgrade = core.begin(conversation) else { return }
        let link = WebSocketLinkCore(conversation, upgrade, books)
        let place = peer.statePlace
        place[].user.fill(link)
        opened(link)
    }

    mutating func onData(_ data: borrowing ReceivedChunk, from peer: inout Connection<State>) {
        let lent = data.lent
        peer.leaveUnread(withLink(peer) { $0.received(lent) } ?? 0)
    }

    mutating func onWritable(_ peer: inout Connection<State>) { withLink(peer) { $0.link.wake(.writer) } }

    mutating func onTimer(_ tag: ConnectionTimerTag, of peer: inout Connection<State>) {
        if tag == .link {
            withLink(peer) { $0.link.timerFired() }
        } else {
            conversation(peer).timerFired(tag)
        }
    }

    mutating func onClose(_ peer: inout Connection<State>, _ reason: CloseReason) {
        let conversation = conversation(peer)
        let end = conversation.ended(reason)
        withLink(peer) { $0.closed(end) }
        conversation.tellEnd(end)
        let place = peer.statePlace
        place[].user.empty()
    }

    /// Gives a loop the role that serves links.
    static func install(
        _ core: WebSocketCore, on host: ConnectionHost, _ admission: Admission?, isClient: Bool,
        queueBytesMax: Int, opened: @escaping (WebSocketLinkCore) -> Void
    ) -> InstalledRoute {
        let bound = LoopBound((core: core, opened: opened))
        let role = ConnectionRole.serving(
            core.connectionLimits(of: host), admission,
            {
                WebSocketLinkAdapter(
                    core: bound.value.core, isClient: isClient,
                    books: LinkBooks(queueBytesMax: queueBytesMax), opened: bound.value.opened)
            },
            farewell: { peer, reason in
                peer.statePlace[].user.link?.with { $0.farewell(reason) } ?? false
            },
            memory: core.memory(on: host))
        return InstalledRoute(role: host.add(role), core: core)
    }
}
