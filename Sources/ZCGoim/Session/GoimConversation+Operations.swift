import ZCNet

/// What a session answers by itself.
extension GoimConversation {
    /// Op 2: the sender is alive, and is told how many are in its room.
    func answerHeartbeat(_ header: GoimHeader) {
        session[].heardAt = base.now
        count(.heartbeats)
        tellOnline(header)
    }

    /// Op 3, with how many are in the connection's room.
    func tellOnline(_ header: GoimHeader) {
        let online = Int32(clamping: session[].handle?.room?.online ?? 0)
        _ = online.withBytes(.bigEndian) { send(header.answering(with: .heartbeatReply), $0) }
    }

    /// Op 14 and 16: the body's operations are added or taken away, and the body is echoed; also where it is
    /// no list or too long a one, which changes nothing, as in goim.
    func changeSubscriptions(_ header: GoimHeader, _ body: RawSpan, adds: Bool) {
        let most = withCore { $0.options.acceptsMax }
        let operations = try? GoimOperationList.parse(body, countMax: most)
        if operations.map({ subscribe($0, adds: adds) }) != true { count(.requestsIgnored) }
        let reply = adds ? GoimOperation.subscribeReply : .unsubscribeReply
        // The echo is copied before the bytes are received over.
        _ = send(header.answering(with: reply), body)
    }

    /// False when that would be more than one connection may have.
    func subscribe(_ operations: [Int32], adds: Bool) -> Bool {
        guard let handle = session[].handle else { return true }
        if !adds {
            handle.accepts.remove(operations)
            return true
        }
        return handle.accepts.add(operations, countMax: withCore { $0.options.acceptsMax })
    }

    /// Whether the body of an op 12 may name a room, or none: UTF-8 of at most `nameBytesMax`.
    @usableFromInline
    func isRoomName(_ body: RawSpan) -> Bool {
        guard body.byteCount <= withCore({ $0.options.nameBytesMax }) else { return false }
        return body.validText != nil
    }

    /// The room that the body of an op 12 names; nil is none.
    @usableFromInline
    func roomName(_ body: RawSpan) -> String? {
        if body.byteCount == 0 { return nil }
        return body.text
    }

    /// Answers a request that cannot be followed with `reply` and no body, and counts it.
    @usableFromInline
    func passOver(_ header: GoimHeader, with reply: GoimOperation) {
        count(.requestsIgnored)
        _ = send(header.answering(with: reply))
    }

    /// Goes to a room, or to none. O(1).
    @usableFromInline
    func enter(_ room: String?) {
        guard let handle = session[].handle, !session[].flags.contains(.over) else { return }
        if handle.room?.name == room { return }
        leaveRoom(handle)
        guard let room, !room.isEmpty, let directory = withCore({ $0.directory }) else { return }
        let part = directory.room(
            room, on: handle.loop, figures: withCore { $0.figures }, queues: base.queues)
        part.add(self)
        handle.room = part
    }

    func leaveRoom(_ handle: GoimHandle) {
        guard let room = handle.room else { return }
        handle.room = nil
        room.remove(self)
    }
}
