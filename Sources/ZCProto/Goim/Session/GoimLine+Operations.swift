import ZCNet

/// What a session answers by itself.
extension GoimLine {
    /// Op 2: the sender is alive, and is told how many are in its room.
    func answerHeartbeat(_ header: GoimHeader) {
        session[].heardAt = base.withHost { $0.now }
        count(.heartbeats)
        var online = Int32(clamping: session[].link?.shard?.room.online ?? 0).bigEndian
        _ = unsafe withUnsafeBytes(of: &online) { bytes in
            unsafe send(header.answering(with: .heartbeatReply), bytes)
        }
    }

    /// Op 14 and 16: the body's operations are added or taken away, and the body is echoed.
    func changeSubscriptions(_ header: GoimHeader, _ body: RawSpan, adds: Bool) {
        let most = withCore { $0.options.acceptsMax }
        do throws(GoimError) {
            let operations = try GoimOperationList.parse(body, countMax: most)
            guard subscribe(operations, adds: adds) else {
                throw GoimError(.body, "expected at most \(most) subscriptions, got more")
            }
        } catch {
            return fail(error)
        }
        let reply = adds ? GoimOperation.subscribeReply : .unsubscribeReply
        // The echo is copied before the bytes are received over.
        _ = unsafe body.withUnsafeBytes { unsafe send(header.answering(with: reply), $0) }
    }

    /// False when that would be more than one connection may have.
    func subscribe(_ operations: [Int32], adds: Bool) -> Bool {
        guard let link = session[].link else { return true }
        var set = Set(link.accepts)
        if adds { set.formUnion(operations) } else { set.subtract(operations) }
        guard set.count <= withCore({ $0.options.acceptsMax }) else { return false }
        link.accepts = set.sorted()
        return true
    }

    /// The room that the body of an op 12 names; nil is none.
    @usableFromInline
    func roomName(_ body: RawSpan) throws(GoimError) -> String? {
        if body.byteCount == 0 { return nil }
        let most = withCore { $0.options.nameBytesMax }
        guard body.byteCount <= most else {
            throw GoimError(.body, "expected a room of at most \(most) bytes, got \(body.byteCount)")
        }
        let name = unsafe body.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let name else { throw GoimError(.body, "expected a room in UTF-8, got other bytes") }
        return name
    }

    /// Goes to a room, or to none. O(1).
    @usableFromInline
    func enter(_ room: String?) {
        guard let link = session[].link, !session[].flags.contains(.over) else { return }
        if link.shard?.room.name == room { return }
        leaveRoom(link)
        guard let room, !room.isEmpty, let hub = withCore({ $0.hub }) else { return }
        let shard = hub.open(room, on: link.loop, figures: withCore { $0.figures })
        shard.add(self)
        link.shard = shard
    }

    func leaveRoom(_ link: GoimLink) {
        guard let shard = link.shard else { return }
        link.shard = nil
        shard.remove(self)
    }
}
