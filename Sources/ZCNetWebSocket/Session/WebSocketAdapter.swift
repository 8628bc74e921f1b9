public import ZCNet

/// What the library and the application keep for one connection, side by side.
@frozen
@usableFromInline
package struct WebSocketState<User> {
    @usableFromInline package var session: WebSocketSession
    @usableFromInline package var user: User

    @usableFromInline
    init(session: WebSocketSession, user: User) {
        self.session = session
        self.user = user
    }
}

extension WebSocketState {
    /// Where the application's state lies within the one at `place`: what a protocol above looks for.
    @inlinable @inline(__always)
    package static func user(at place: LoopOwned<WebSocketState>) -> LoopOwned<User> {
        // SAFETY: the field of a struct in memory stays where it is.
        unsafe withUnsafeMutablePointer(to: &place.address.pointee.user) { unsafe LoopOwned($0) }
    }
}

extension WebSocketState: StateWithSession {
    package static var session: Any.Type { WebSocketSession.self }
}

/// Stands between a connection and a WebSocket handler: runs the session over what is received, and calls the
/// handler with what it finds. Inlined into the application, so that the handler is called directly.
@frozen
@usableFromInline
package struct WebSocketAdapter<Handler: WebSocketHandler & ~Copyable>: ConnectionHandler, ~Copyable {
    @usableFromInline var handler: Handler
    @usableFromInline let core: WebSocketCore
    @usableFromInline let isClient: Bool

    @inlinable
    package init(_ handler: consuming Handler, core: WebSocketCore, isClient: Bool) {
        self.handler = handler
        self.core = core
        self.isClient = isClient
    }

    @inlinable
    package mutating func makeState() -> WebSocketState<Handler.State> {
        WebSocketState(session: WebSocketSession(isClient: isClient), user: handler.makeState())
    }

    @inlinable
    package mutating func onOpen(_ peer: inout Connection<WebSocketState<Handler.State>>) {
        var connection = WebSocketConnection(peer, core)
        guard let upgrade = core.begin(connection.conversation) else { return }
        handler.onOpen(&connection, upgrade)
    }

    @inlinable
    package mutating func onData(
        _ data: borrowing ReceivedChunk, from peer: inout Connection<WebSocketState<Handler.State>>
    ) {
        var connection = WebSocketConnection(peer, core)
        connection.conversation.heardFrom()
        if connection.conversation.session[].flags.contains(.rationed) {
            return onRationedData(data, from: &peer)
        }
        // SAFETY: the memory is the loop's, or the connection's own unread bytes; nobody has retained any of
        // what lies behind `position`, and nothing before it is written to.
        let bytes = unsafe data.withUnsafeMutableBytes { unsafe $0 }
        var position = 0
        var messages = 0
        defer { connection.conversation.countReceived(messages) }
        while true {
            let step = unsafe connection.conversation.session[].next(bytes, at: &position, core)
            switch step.kind {
            case .text, .binary:
                messages += 1
                unsafe deliver(step, data, bytes, &connection)
            case .incomplete:
                if connection.conversation.isInMessage { connection.conversation.messageWaits() }
                peer.leaveUnread(bytes.count - position)
                return
            default:
                if step.isFinal { messages += 1 }
                if unsafe !rare(step, data, bytes, &connection) { return }
            }
            if !peer.base.takesMore {
                peer.leaveUnread(bytes.count - position)
                return
            }
        }
    }

    /// As `onData`, for a peer whose sending is counted against a rate.
    ///
    /// Why apart: so that nobody else pays for the question, message by message.
    @inlinable @inline(never)
    mutating func onRationedData(
        _ data: borrowing ReceivedChunk, from peer: inout Connection<WebSocketState<Handler.State>>
    ) {
        var connection = WebSocketConnection(peer, core)
        // SAFETY: as in `onData`.
        let bytes = unsafe data.withUnsafeMutableBytes { unsafe $0 }
        var position = 0
        var messages = 0
        defer { connection.conversation.countReceived(messages) }
        guard connection.conversation.mayReceive(bytes.count) else {
            return reportError(&connection)
        }
        while position < bytes.count {
            guard connection.conversation.mayLookAtNext() else { break }
            let step = unsafe connection.conversation.session[].next(bytes, at: &position, core)
            if step.kind == .incomplete { break }
            guard connection.conversation.mayTake(step) else {
                connection.conversation.releaseGathered(step)
                return reportError(&connection)
            }
            if step.kind == .text || step.kind == .binary {
                messages += 1
                unsafe deliver(step, data, bytes, &connection)
            } else {
                if step.isFinal { messages += 1 }
                if unsafe !rare(step, data, bytes, &connection) { return }
            }
            if !peer.base.takesMore { break }
        }
        if connection.conversation.isInMessage { connection.conversation.messageWaits() }
        peer.leaveUnread(bytes.count - position)
        connection.conversation.settleBytes()
    }

    /// Tells the handler which rule the peer broke, if it did.
    @inlinable
    mutating func reportError(_ connection: inout WebSocketConnection<Handler.State>) {
        if let error = connection.conversation.session[].extra?.error {
            handler.onError(error, from: &connection)
        }
    }

    /// Lends a message to the handler, unless the conversation is being closed.
    @inlinable @inline(__always)
    mutating func deliver(
        _ step: FrameStep, _ data: borrowing ReceivedChunk, _ bytes: UnsafeMutableRawBufferPointer,
        _ connection: inout WebSocketConnection<Handler.State>
    ) {
        if connection.conversation.isOver { return connection.conversation.releaseGathered(step) }
        if step.isGathered {
            let memory = step.bytes
            handler.onMessage(
                WebSocketMessage(isText: step.kind == .text, payload: ReceivedChunk(memory)),
                from: &connection
            )
            connection.conversation.releaseGathered(step)
        } else {
            handler.onMessage(
                WebSocketMessage(
                    isText: step.kind == .text, payload: data.extracting(unsafe step.range(in: bytes))),
                from: &connection)
        }
    }

    /// Everything but messages; false when nothing more is to be read.
    @inlinable @inline(never)
    mutating func rare(
        _ step: FrameStep, _ data: borrowing ReceivedChunk, _ bytes: UnsafeMutableRawBufferPointer,
        _ connection: inout WebSocketConnection<Handler.State>
    ) -> Bool {
        // A peer that breaks a rule while the handler waits for the end is not news to it.
        let isOver = connection.conversation.session[].flags.contains(.closeSent)
        switch step.kind {
        case .ping:
            if connection.conversation.isOver { return true }
            connection.conversation.answerPing(step)
            handler.onPing(data.extracting(unsafe step.range(in: bytes)).bytes, from: &connection)
            return true
        case .pong:
            if connection.conversation.isOver { return true }
            handler.onPong(data.extracting(unsafe step.range(in: bytes)).bytes, from: &connection)
            return true
        case .fragment:
            unsafe deliverFragment(step, data, bytes, &connection)
            return true
        case .close:
            connection.conversation.peerClosed(step)
        default:
            connection.conversation.failFromSession()
        }
        if !isOver { reportError(&connection) }
        return false
    }

    /// Lends a piece of a message to the handler, unless the conversation is being closed.
    @inlinable
    mutating func deliverFragment(
        _ step: FrameStep, _ data: borrowing ReceivedChunk, _ bytes: UnsafeMutableRawBufferPointer,
        _ connection: inout WebSocketConnection<Handler.State>
    ) {
        if connection.conversation.isOver { return connection.conversation.releaseGathered(step) }
        if step.isGathered {
            let memory = step.bytes
            handler.onFragment(
                WebSocketFragment(
                    isText: step.isText, isFirst: step.isFirst, isFinal: step.isFinal,
                    payload: ReceivedChunk(memory)), from: &connection)
            connection.conversation.releaseGathered(step)
        } else {
            handler.onFragment(
                WebSocketFragment(
                    isText: step.isText, isFirst: step.isFirst, isFinal: step.isFinal,
                    payload: data.extracting(unsafe step.range(in: bytes))), from: &connection)
        }
    }

    @inlinable
    package mutating func onWritable(_ peer: inout Connection<WebSocketState<Handler.State>>) {
        var connection = WebSocketConnection(peer, core)
        if !connection.conversation.isEnding { handler.onWritable(&connection) }
    }

    @inlinable
    package mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: inout Connection<WebSocketState<Handler.State>>
    ) {
        var connection = WebSocketConnection(peer, core)
        if tag.rawValue >= ConnectionTimerTag.libraryBegin { return connection.conversation.timerFired(tag) }
        if !connection.conversation.isEnding { handler.onTimer(tag, of: &connection) }
    }

    @inlinable
    package mutating func onClose(
        _ peer: inout Connection<WebSocketState<Handler.State>>, _ reason: CloseReason
    ) {
        var connection = WebSocketConnection(peer, core)
        let end = connection.conversation.ended(reason)
        handler.onClose(&connection, end)
        connection.conversation.tellEnd(end)
    }

    @inlinable
    package mutating func onStart(_ loop: borrowing LoopContext) { handler.onStart(loop) }

    @inlinable
    package mutating func onStop(_ loop: borrowing LoopContext) { handler.onStop(loop) }
}

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
    ///
    /// - Parameter farewell: asked before the conversation is, when somebody outside wants it to end; true
    ///   where a session above sees to that.
    @inlinable
    init<Handler: WebSocketHandler & SendableMetatype & ~Copyable>(
        _ core: WebSocketCore, on host: ConnectionHost, _ admission: Admission?, isClient: Bool,
        farewell: (@Sendable (borrowing WebSocketConnection<Handler.State>, CloseReason) -> Bool)? = nil,
        _ makeHandler: @escaping @Sendable () -> Handler
    ) {
        let bound = LoopBound(core)
        let role = ConnectionRole.serving(
            core.connectionLimits(of: host), admission,
            { WebSocketAdapter(makeHandler(), core: bound.value, isClient: isClient) },
            farewell: { peer, reason in
                let connection = WebSocketConnection(peer, bound.value)
                if let farewell, farewell(connection, reason) { return true }
                return connection.conversation.farewell(reason)
            },
            memory: core.memory(on: host))
        self.role = host.add(role)
        self.core = core
    }
}
