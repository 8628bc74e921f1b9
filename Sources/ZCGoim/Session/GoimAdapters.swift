public import ZCNet
public import ZCNetWebSocket

/// Stands between a TCP connection and a handler: takes the stream apart, proto by proto. Inlined into the
/// application, so that the handler is called directly.
///
/// What a goim connection does over either transport is in `GoimConversation`. Two adapters remain, as the
/// callbacks of the two transports have other types, and a stream has to be taken apart.
@frozen
@usableFromInline
package struct GoimStreamAdapter<Handler: GoimHandler & ~Copyable>: ConnectionHandler, ~Copyable {
    @usableFromInline var handler: Handler
    @usableFromInline let core: GoimCore
    @usableFromInline let flags: GoimSession.Flags

    @inlinable
    package init(_ handler: consuming Handler, core: GoimCore, _ flags: GoimSession.Flags) {
        self.handler = handler
        self.core = core
        self.flags = flags
    }

    @inlinable
    package mutating func makeState() -> GoimState<Handler.State> {
        GoimState(session: GoimSession(flags), user: handler.makeState())
    }

    @inlinable
    package mutating func onOpen(_ peer: inout Connection<GoimState<Handler.State>>) {
        GoimConnection(peer, core).conversation.begin()
    }

    @inlinable
    package mutating func onData(
        _ data: borrowing ReceivedChunk, from peer: inout Connection<GoimState<Handler.State>>
    ) {
        var connection = GoimConnection(peer, core)
        var position = 0
        var protos = 0
        defer { connection.conversation.countReceived(protos) }
        let bodyBytesMax = core.bodyBytesMax
        if !connection.conversation.session[].flags.contains(.formatKnown), !settleFormat(data, connection) {
            return peer.leaveUnread(data.count)
        }
        let format = connection.conversation.format
        while let frame = GoimFrame.read(data.bytes, at: position, format, bodyBytesMax: bodyBytesMax) {
            protos += 1
            handler.take(frame.header, data.extracting(frame.bodyStart..<frame.end), &connection)
            position = frame.end
            if !peer.base.takesMore { return peer.leaveUnread(data.count - position) }
        }
        peer.leaveUnread(data.count - position)
        if position < data.count { judge(data, position, format, connection) }
    }

    /// What is not a proto is the beginning of one, or an error.
    @inlinable @inline(never)
    mutating func judge(
        _ data: borrowing ReceivedChunk, _ position: Int, _ format: GoimHeaderFormat,
        _ connection: borrowing GoimConnection<Handler.State>
    ) {
        let problem = GoimFrame.problem(
            data.bytes, at: position, format, bodyBytesMax: core.bodyBytesMax)
        if let problem { connection.conversation.fail(problem) }
    }

    @inlinable @inline(never)
    mutating func settleFormat(
        _ data: borrowing ReceivedChunk, _ connection: borrowing GoimConnection<Handler.State>
    ) -> Bool {
        do throws(GoimError) {
            return try connection.conversation.settleFormat(data.bytes)
        } catch {
            connection.conversation.fail(error)
            return false
        }
    }

    @inlinable
    package mutating func onWritable(_ peer: inout Connection<GoimState<Handler.State>>) {
        var connection = GoimConnection(peer, core)
        handler.onWritable(&connection)
    }

    @inlinable
    package mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: inout Connection<GoimState<Handler.State>>
    ) {
        var connection = GoimConnection(peer, core)
        handler.timerFired(tag, &connection)
    }

    @inlinable
    package mutating func onClose(
        _ peer: inout Connection<GoimState<Handler.State>>, _ reason: CloseReason
    ) {
        var connection = GoimConnection(peer, core)
        let end = connection.conversation.ended(GoimCloseReason(transport: reason.cause))
        handler.onClose(&connection, end)
    }

    @inlinable
    package mutating func onStart(_ loop: borrowing LoopContext) { handler.onStart(loop) }

    @inlinable
    package mutating func onStop(_ loop: borrowing LoopContext) { handler.onStop(loop) }
}

/// Stands between a WebSocket conversation and a handler: one proto is one binary message. Inlined into the
/// application, so that the handler is called directly.
@frozen
@usableFromInline
package struct GoimWebSocketAdapter<Handler: GoimHandler & ~Copyable>: WebSocketHandler, ~Copyable {
    @usableFromInline var handler: Handler
    /// The loop's own among `cores` from `onStart` on.
    @usableFromInline var core: GoimCore
    @usableFromInline let cores: [GoimCore]
    @usableFromInline let flags: GoimSession.Flags

    /// - Precondition: there is a core for every loop, by its index.
    @inlinable
    package init(_ handler: consuming Handler, cores: [GoimCore], _ flags: GoimSession.Flags) {
        self.handler = handler
        self.cores = cores
        core = cores[0]
        self.flags = flags
    }

    @inlinable
    package mutating func makeState() -> GoimState<Handler.State> {
        GoimState(session: GoimSession(flags), user: handler.makeState())
    }

    @inlinable
    package mutating func onOpen(
        _ peer: inout WebSocketConnection<GoimState<Handler.State>>, _ upgrade: WebSocketUpgrade
    ) {
        GoimConnection(peer, core).conversation.begin()
    }

    @inlinable
    package mutating func onMessage(
        _ message: borrowing WebSocketMessage,
        from peer: inout WebSocketConnection<GoimState<Handler.State>>
    ) {
        var connection = GoimConnection(peer, core)
        do throws(GoimError) {
            let frame = try connection.conversation.whole(message)
            handler.take(
                frame.header, message.payload.extracting(frame.bodyStart..<frame.end), &connection)
            connection.conversation.countReceived(1)
        } catch {
            connection.conversation.fail(error)
        }
    }

    @inlinable
    package mutating func onWritable(_ peer: inout WebSocketConnection<GoimState<Handler.State>>) {
        var connection = GoimConnection(peer, core)
        handler.onWritable(&connection)
    }

    @inlinable
    package mutating func onTimer(
        _ tag: ConnectionTimerTag, of peer: inout WebSocketConnection<GoimState<Handler.State>>
    ) {
        var connection = GoimConnection(peer, core)
        handler.timerFired(tag, &connection)
    }

    @inlinable
    package mutating func onClose(
        _ peer: inout WebSocketConnection<GoimState<Handler.State>>, _ reason: WebSocketCloseReason
    ) {
        var connection = GoimConnection(peer, core)
        let end = connection.conversation.ended(GoimCloseReason(webSocket: reason))
        handler.onClose(&connection, end)
    }

    @inlinable
    package mutating func onStart(_ loop: borrowing LoopContext) {
        core = cores[loop.index]
        handler.onStart(loop)
    }

    @inlinable
    package mutating func onStop(_ loop: borrowing LoopContext) { handler.onStop(loop) }
}

extension GoimConversation {
    /// The proto that a message is, whichever kind it is called: goim does not look at that.
    @usableFromInline
    func whole(_ message: borrowing WebSocketMessage) throws(GoimError) -> GoimFrame {
        guard try settleFormat(message.bytes) else {
            throw GoimError(.frame, expected: "a header", got: "a frame of \(message.count) bytes")
        }
        return try GoimFrame.whole(
            message.bytes, format, bodyBytesMax: withCore { $0.bodyBytesMax })
    }
}
