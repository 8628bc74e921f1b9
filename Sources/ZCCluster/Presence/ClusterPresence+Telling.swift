import ZCNet

/// What nodes tell each other, and when one is taken for gone. The engine's loop.
extension ClusterPresence {
    private var lease: Duration { node.options.leaseLength }

    // MARK: What has changed

    /// Tells who waits here of what has followed, and the other nodes at the end of the turn.
    func settle() {
        let consequences = state[].table.takeConsequences()
        if state[].table.own.version != state[].sent { sendSoon() }
        for (number, node) in consequences.replaced {
            guard let occupant = state[].stays.removeValue(forKey: number) else { continue }
            occupant.stay[].isOver = true
            occupant.onEnd(.replaced(node: node))
        }
        for (channel, event) in consequences.events {
            for (_, handler) in (state[].watches[channel] ?? [:]).sorted(by: { $0.key < $1.key }) {
                handler(event)
            }
        }
    }

    private func sendSoon() {
        if state[].isSending { return }
        state[].isSending = true
        node.engine.schedule(after: .zero) { [weak self] in
            guard let self else { return }
            state[].isSending = false
            if let changes = state[].table.own.changes(behind: state[].sent) {
                send(changes, behind: state[].sent, to: everybody)
            } else {
                // Too many: they are asked for.
                send(beat, to: everybody)
            }
            // Who does not get them sees the version with the next beat.
            state[].sent = state[].table.own.version
        }
    }

    private func send(_ changes: [PresenceChange], behind version: UInt64, to topic: ClusterTopic) {
        var (part, bytes, version): ([PresenceChange], Int, UInt64) = ([], 0, version)
        for change in changes {
            if !part.isEmpty && bytes + change.wireBytes > PresenceMessage.partBytesMax {
                send(.changes(behind: version, part), to: topic)
                version += UInt64(part.count)
                (part, bytes) = ([], 0)
            }
            part.append(change)
            bytes += change.wireBytes
        }
        if !part.isEmpty { send(.changes(behind: version, part), to: topic) }
    }

    private func send(_ body: PresenceMessage.Body, to topic: ClusterTopic) {
        let message = PresenceMessage(incarnation: me.incarnation, name: me.name, body: body)
        do throws(ClusterError) {
            // Where it does not go out, the next beat makes it good.
            node.engine.publish(try message.encoded(bytesMax: node.engine.bytesMax), to: topic)
        } catch {
            node.onEvent(.ignored(error))
        }
    }

    private func send(_ body: PresenceMessage.Body, to name: String) {
        if let topic = try? topic(of: name) { send(body, to: topic) }
    }

    private var beat: PresenceMessage.Body {
        .beat(version: state[].table.own.version, stamp: state[].table.stamp)
    }

    // MARK: What comes

    func heard(_ bytes: SharedBytes) {
        if state[].isEnded { return }
        do throws(ClusterError) {
            let message = try PresenceMessage(bytes)
            if message.incarnation != me.incarnation { take(message) }
        } catch {
            node.onEvent(.ignored(error))
        }
    }

    private func take(_ message: PresenceMessage) {
        let member = SlotTable.Member(name: message.name, incarnation: message.incarnation)
        if state[].gone.contains(member.incarnation) { return }
        if case .end = message.body {
            if state[].gone.count == PresenceTable.peersMax { state[].gone.removeFirst() }
            state[].gone.append(member.incarnation)
            state[].table.forget(member.incarnation)
            return settle()
        }
        let meeting = state[].table.meet(member, at: node.engine.now)
        guard meeting.isKnown else { return }
        if meeting.isNew {
            // So that it need not wait for a beat.
            send(beat, to: member.name)
            forgetFormer(of: member)
        }
        switch message.body {
        case .changes(let version, let changes):
            state[].table.hear(changes, behind: version, of: member.incarnation)
        case .beat(let version, let stamp):
            state[].table.beat(of: member.incarnation, version: version, stamp: stamp)
        case .ask(let node, let version):
            if node == me.incarnation { answer(member.name, behind: version) }
        case .askEntries(let node, let number):
            if node == me.incarnation { answerEntries(member.name, behind: number) }
        case .entries(let version, let first, let last, let entries):
            state[].table.hear(entries, behind: first, to: last, version: version, of: member.incarnation)
        case .end: break
        }
        settle()
        askForLack(of: member)
    }

    private func answer(_ name: String, behind version: UInt64) {
        guard let changes = state[].table.own.changes(behind: version), let topic = try? topic(of: name)
        else { return answerEntries(name, behind: 0) }
        send(changes, behind: version, to: topic)
    }

    private func answerEntries(_ name: String, behind number: UInt64) {
        let part = state[].table.own.part(behind: number, bytesMax: PresenceMessage.partBytesMax)
        let version = state[].table.own.version
        send(.entries(version: version, behind: number, to: part.to, part.entries), to: name)
    }

    /// Asks a node for what is missing of it, where it was not asked a moment ago.
    private func askForLack(of member: SlotTable.Member) {
        let now = node.engine.now
        guard let lack = state[].table.lack(of: member.incarnation),
            let peer = state[].table.peers[member.incarnation], now >= peer.nextAsk
        else { return }
        state[].table.didAsk(member.incarnation, nextAsk: now + lease / 12)
        switch lack {
        case .changes(let version): send(.ask(of: member.incarnation, behind: version), to: member.name)
        case .entries(let number): send(.askEntries(of: member.incarnation, behind: number), to: member.name)
        }
    }

    // MARK: Time

    /// The engine was away: the others are told, and tell, without waiting for the next beat.
    func mayHaveMissed() {
        if state[].isEnded { return }
        send(beat, to: everybody)
    }

    /// Comes three times in a lease.
    func tick() {
        if state[].isEnded { return }
        if node.state[].isEnded || node.keeper.phase == .ended { return end() }
        node.engine.schedule(after: lease / 3) { [weak self] in self?.tick() }
        send(beat, to: everybody)
        forgetGone()
        for peer in state[].table.peers.values.sorted(by: { $0.member.name < $1.member.name }) {
            askForLack(of: peer.member)
        }
    }

    /// Forgets nodes that were not heard of for a lease, unless it is this one that hears nobody: its own
    /// lease says so, which has to have been renewed all the time since the others had theirs to renew.
    private func forgetGone() {
        let now = node.engine.now
        guard node.keeper.leaseEnd - now >= lease / 2 else {
            state[].freshSince = nil
            return
        }
        let since = state[].freshSince ?? now
        state[].freshSince = since
        for peer in state[].table.peers.values where isGone(peer, now, isFresh: now - since >= lease) {
            state[].table.forget(peer.member.incarnation)
        }
        settle()
    }

    private func isGone(_ peer: PresenceTable.Peer, _ now: MonotonicInstant, isFresh: Bool) -> Bool {
        // Its name is another's, or nobody's, by its own word.
        let isHolder = node.keeper.holder(of: peer.member.name) == peer.member
        if isHolder {
            peer.hasHeldName = true
        } else if peer.hasHeldName {
            return true
        }
        return isFresh && now >= peer.heard + lease && !node.keeper.isPresent(peer.member)
    }

    /// A node has begun anew: what it was before is gone.
    private func forgetFormer(of member: SlotTable.Member) {
        for peer in state[].table.peers.values
        where peer.member.name == member.name && peer.member != member
            && node.keeper.holder(of: member.name) != peer.member
        {
            state[].table.forget(peer.member.incarnation)
        }
    }

    // MARK: The end

    /// Says to the others that everybody here is gone, and ends. Any thread; soon. Stays are told.
    public func stop() { node.engine.perform { [self] in end() } }

    private func end() {
        if state[].isEnded { return }
        send(.end, to: everybody)
        state[].isEnded = true
        for listening in state[].listenings { node.engine.unsubscribe(listening) }
        state[].listenings = []
        state[].watches = [:]
        let stays = state[].stays.sorted { $0.key < $1.key }
        state[].stays = [:]
        for (_, occupant) in stays {
            occupant.stay[].isOver = true
            occupant.onEnd(.failed(.ended))
        }
    }
}
