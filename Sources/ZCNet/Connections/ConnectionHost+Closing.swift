import ZCLibC

extension ConnectionHost {
    /// Starts to end a connection. The first reason stays; a later abortive call only hurries.
    package func end(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason, isAbortive: Bool) {
        if isAbortive { slot[].flags.insert(.abortive) }
        if !slot[].flags.contains(.closing) {
            slot[].flags.insert(.closing)
            setReason(slot, reason)
            if case .protocolError(let rule) = reason.cause {
                metrics.add(1, to: .protocolErrors)
                observer?.protocolRuleBroken(slot[].id, rule: rule)
            }
        } else if !isAbortive {
            return
        }
        requestStep(slot)
    }

    /// Ends a connection in good order on behalf of somebody outside its protocol, which may say goodbye
    /// first.
    package func leave(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason) {
        if !slot[].flags.isDisjoint(with: [.closing, .connecting]) { return }
        if let farewell = role(of: slot).farewell, farewell(base(slot), reason) { return }
        end(slot, reason, isAbortive: false)
    }

    /// The kernel says that the connection is broken.
    func breakOff(_ slot: LoopOwned<ConnectionSlot>, _ errno: Errno) {
        end(slot, CloseReason(.io(errno)), isAbortive: true)
    }

    /// Ends the sending direction once output is out.
    func finishSending(_ slot: LoopOwned<ConnectionSlot>) {
        guard slot[].flags.isDisjoint(with: [.closing, .finishing]) else { return }
        slot[].flags.insert(.finishing)
        requestStep(slot)
    }

    /// Has the next step of the connection's end done after the callback that is running.
    func requestStep(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.ending) { return }
        slot[].flags.insert(.ending)
        state[].ending.append(slot[].id)
    }

    /// Takes the due steps. Never called within a callback: what a borrowed view shows must outlive the
    /// callback.
    func finishEnding() {
        if state[].ending.isEmpty { return }
        var index = 0
        while index < state[].ending.count {
            let id = state[].ending[index]
            index += 1
            guard let slot = find(id.token) else { continue }
            slot[].flags.remove(.ending)
            step(slot)
        }
        state[].ending.removeAll(keepingCapacity: true)
    }

    /// One step: drain, end the sending direction, wait for the peer's end, finish.
    private func step(_ slot: LoopOwned<ConnectionSlot>) {
        let flags = slot[].flags
        if flags.contains(.abortive) {
            return finish(slot, reset: !flags.contains(.endsSoftly) && !isPeerGone(slot))
        }
        if unsafe slot[].outbound != nil {
            if flags.contains(.closing) { armLinger(slot) }
            return
        }
        if !flags.contains(.finishedSending) {
            if flags.contains(.transformed) && !sayEnd(slot) {
                if flags.contains(.closing) { armLinger(slot) }
                return
            }
            slot[].flags.insert(.finishedSending)
            driver.finishSending(slot[].descriptor, token: slot[].id.token)
        }
        if flags.contains(.peerEnded) {
            // Both directions have ended. A half-closed connection whose handler only finished sending ends
            // here too.
            if !flags.contains(.closing) { setReason(slot, CloseReason(.peer)) }
            slot[].flags.insert(.closing)
            return finish(slot, reset: false)
        }
        guard flags.contains(.closing) else { return }
        // Why: closing a socket with unread bytes sends a reset, which may destroy output that the peer has
        // not read yet. So the peer's bytes are taken, and thrown away, until its end comes or patience runs
        // out.
        armLinger(slot)
        releaseUnread(slot)
        resume(slot, .pausedByApplication)
        resume(slot, .pausedByPressure)
        resume(slot, .pausedByRate)
        resume(slot, .pausedForMemory)
    }

    private func isPeerGone(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        guard case .io(let errno) = reason(of: slot)?.cause else { return false }
        // A file that ended early is this side's failure: only a reset keeps the peer from taking a part for
        // all.
        return errno.rawValue != EIO
    }

    /// The end: the handler is told, once, and the slot is free for another connection.
    private func finish(_ slot: LoopOwned<ConnectionSlot>, reset: Bool) {
        let id = slot[].id
        let reason = takeReason(slot)
        loop.cancel(slot[].timer)
        let early = state[].relief.dropped.isEmpty ? nil : state[].relief.dropped.removeValue(forKey: id)
        let dropped = dropOutbound(slot) + (early ?? 0)
        releaseUnread(slot)
        removeTransform(slot)
        slot[].flags.insert([.closing, .finishedSending])
        driver.close(slot[].descriptor, token: id.token, reset: reset)
        let role = role(of: slot)
        let watch = startWatch()
        role.closed(base(slot), reason)
        endWatch(watch, slot, .close)
        role.dispose(base(slot))
        metrics.recordClose(cause: reason.cause.index)
        observer?.connectionClosed(id, reason: reason, droppedBytes: dropped)
        let service = role.service
        let peer = slot[].peer
        state[].table.remove(slot)
        service?.release(peer)
    }

    // MARK: Shutdown

    /// How many turns a shutdown grants to peers that do not stop sending.
    private static let shutdownTurnsMax = 64

    package func beginShutdown(by deadline: MonotonicInstant) {
        closeListeners()
        switch state[].shutdown {
        case .none:
            state[].shutdown = .handlingReceived(
                turnsLeft: Self.shutdownTurnsMax, deadline: deadline)
            // A turn without completions must come for the shutdown to go on.
            driver.wake()
        case .handlingReceived(let turns, _):
            state[].shutdown = .handlingReceived(turnsLeft: turns, deadline: deadline)
        case .closing(_, let pressed, let turns):
            state[].shutdown = .closing(deadline: deadline, pressed: pressed, turnsLeft: turns)
        }
        armShutdownDeadline(deadline)
    }

    package var isDrained: Bool { state[].table.count == 0 }

    /// What the kernel had received when the shutdown began is handled first; then every connection is closed
    /// in good order, and at the deadline in any order.
    func continueShutdown(wasIdle: Bool) {
        switch state[].shutdown {
        case .none: return
        case .handlingReceived(let turns, let deadline):
            // The turn of the request began before it, and so says nothing about what has come since.
            let isFirst = turns == Self.shutdownTurnsMax
            if (!wasIdle || isFirst) && turns > 0 && loop.now < deadline {
                state[].shutdown = .handlingReceived(turnsLeft: turns - 1, deadline: deadline)
                driver.wake()
                return
            }
            closeUnpressed(by: deadline)
            // The deadline's timer may be what ended the wait: nothing else need ever wake the loop again.
            abortOverdue(deadline)
        case .closing(let deadline, let pressed, let turns):
            if loop.now >= deadline {
                abortOverdue(deadline)
            } else if pressed > 0 && (wasIdle || turns == 0) {
                closeUnpressed(by: deadline)
            } else if pressed > 0 {
                state[].shutdown = .closing(deadline: deadline, pressed: pressed, turnsLeft: turns - 1)
                driver.wake()
            }
        }
        finishTurn()
    }

    /// Ends whoever is left at the deadline. Who was not told yet is told first, as far as its output has
    /// room; what the kernel has taken is left to it; and only whose output waits here is reset.
    private func abortOverdue(_ deadline: MonotonicInstant) {
        guard loop.now >= deadline else { return }
        state[].table.forEach { slot in
            if slot[].flags.contains(.connecting) { return connectFailed(slot, .cancelled) }
            if !slot[].flags.contains(.blocked) { leave(slot, CloseReason(.shutdown)) }
        }
        writeDirty()
        state[].table.forEach { slot in
            if unsafe slot[].outbound == nil { slot[].flags.insert(.endsSoftly) }
            end(slot, CloseReason(.shutdown), isAbortive: true)
        }
    }

    /// Closes every connection but those that are not read from because their output is blocked: what they
    /// have received in the kernel is handled once it drains.
    private func closeUnpressed(by deadline: MonotonicInstant) {
        var pressed = 0
        state[].table.forEach { slot in
            if slot[].flags.contains(.connecting) { return connectFailed(slot, .cancelled) }
            if slot[].flags.contains(.closing) { return }
            if slot[].flags.contains(.pausedByPressure) {
                pressed += 1
            } else {
                leave(slot, CloseReason(.shutdown))
            }
        }
        state[].shutdown = .closing(
            deadline: deadline, pressed: pressed, turnsLeft: Self.shutdownTurnsMax)
    }
}
