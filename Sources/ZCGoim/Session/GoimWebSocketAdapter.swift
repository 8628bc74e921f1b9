public import ZCNet
public import ZCNetWebSocket

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
