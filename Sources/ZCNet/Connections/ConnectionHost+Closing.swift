import ZCLibC

/// Closing: the endings say which step of a closing connection comes next, and the host takes it.
extension ConnectionHost {
    /// Starts to end a connection. The first reason stays; a later abortive call only hurries.
    package func end(_ slot: LoopOwned<ConnectionSlot>, _ reason: CloseReason, isAbortive: Bool) {
        guard endings.begin(slot, reason, isAbortive: isAbortive) else { return }
        if case .protocolError(let rule) = reason.cause {
            metrics.add(1, to: .protocolErrors)
            observer?.protocolRuleBroken(slot[].id, rule: rule)
        }
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
        endings.requestStep(slot)
    }

    /// Takes the due steps. Never called within a callback: what a borrowed view shows must outlive the
    /// callback.
    func finishEnding() {
        if !endings.hasDue { return }
        endings.forEachDue { id in
            guard let slot = find(id.token) else { return }
            slot[].flags.remove(.ending)
            step(slot)
        }
    }

    /// One step: drain, end the sending direction, wait for the peer's end, finish.
    private func step(_ slot: LoopOwned<ConnectionSlot>) {
        switch endings.step(slot, isSaid: hasSaidAll(slot)) {
        case .wait: break
        case .linger: linger(slot)
        case .readToEnd:
            linger(slot)
            intake.release(slot)
            intake.resume(
                slot, [.pausedByApplication, .pausedByPressure, .pausedByRate, .pausedForMemory])
        case .finish(let reset): finish(slot, reset: reset)
        }
    }

    /// Whether all output is out, and a transform's last word behind it, which is said here.
    private func hasSaidAll(_ slot: LoopOwned<ConnectionSlot>) -> Bool {
        if slot[].flags.contains(.abortive) { return true }
        guard slot[].outbound == nil else { return false }
        if slot[].flags.contains(.finishedSending) || !slot[].flags.contains(.transformed) { return true }
        return sayEnd(slot)
    }

    /// The end: the handler is told, once, and the slot is free for another connection.
    private func finish(_ slot: LoopOwned<ConnectionSlot>, reset: Bool) {
        let id = slot[].id
        let reason = endings.takeReason(slot)
        endings.cancelDeadline(slot)
        let early = state[].relief.dropped.isEmpty ? nil : state[].relief.dropped.removeValue(forKey: id)
        let dropped = output.drop(slot) + (early ?? 0)
        intake.release(slot)
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

    // MARK: Waiting for the peer

    /// A protocol has said its last word and waits for its peer's, which is read to the end for that: unless
    /// the connection ends before, it is ended with `reason` once its peer has stood still for `patience`.
    func awaitEnd(
        _ slot: LoopOwned<ConnectionSlot>, within patience: Duration, otherwise reason: CloseReason
    ) {
        endings.setLateReason(slot, reason)
        readToEnd(slot)
        beginWait(slot, patience)
    }

    /// Bounds what is left of a connection that closes; once.
    private func linger(_ slot: LoopOwned<ConnectionSlot>) {
        if slot[].flags.contains(.lingering) { return }
        slot[].flags.insert(.lingering)
        beginWait(slot, withRole(of: slot) { $0.limits.lingerTimeout })
    }

    private func beginWait(_ slot: LoopOwned<ConnectionSlot>, _ patience: Duration) {
        let isBlocked = slot[].outbound != nil
        endings.beginWait(
            slot, patience, drainMax: withRole(of: slot) { $0.limits.drainTimeoutMax },
            progress: isBlocked ? outputProgress(slot) : nil)
    }

    /// How far the connection's output has come with its peer. Calls the kernel, once.
    package func outputProgress(_ slot: LoopOwned<ConnectionSlot>) -> OutputProgress {
        let unacknowledged = driver.unacknowledgedBytes(of: slot[].descriptor, token: slot[].id.token)
        return OutputProgress(
            acknowledged: Int64(clamping: slot[].bytesOut) - Int64(unacknowledged),
            outstanding: output.waitingBytes(slot) + unacknowledged)
    }

    // MARK: Shutdown

    package func beginShutdown(by deadline: MonotonicInstant) {
        doors.closeListeners()
        // A turn without completions must come for the shutdown to go on.
        if state[].shutdown.begin(by: deadline) {
            refuseArrivals()
            driver.wake()
        }
        _ = loop.schedule(TimerPayload(.shutdownDeadline, number: 0), at: deadline)
        if loop.hasLane {
            // And one for tasks that take their time to end when they are cancelled.
            let last = deadline + LoopLane.patience
            _ = loop.schedule(TimerPayload(.shutdownDeadline, number: 0), at: last)
        }
    }

    package var isDrained: Bool { state[].table.count == 0 }

    /// What the kernel had received when the shutdown began is handled first; then every connection is closed
    /// in good order, and at the deadline in any order.
    func continueShutdown(wasIdle: Bool) {
        switch state[].shutdown.turnEnded(at: loop.now, wasIdle: wasIdle) {
        case .nothing: break
        case .turnAgain:
            driver.wake()
            return
        case .closeUnpressed:
            closeUnpressed()
            // The deadline's timer may be what ended the wait: nothing else need ever wake the loop again.
            if loop.now >= state[].shutdown.deadline { abortAll() }
        case .abort: abortAll()
        }
        finishTurn()
    }

    /// Ends whoever is left at the deadline. Who was not told yet is told first, as far as its output has
    /// room; what the kernel has taken is left to it; and only whose output waits here is reset.
    ///
    /// Tasks are cancelled before, and have a turn to say why they go.
    private func abortAll() {
        if loop.cancelTasks() { return driver.wake() }
        state[].table.forEach { slot in
            if slot[].flags.contains(.connecting) { return connectFailed(slot, .cancelled) }
            if !slot[].flags.contains(.blocked) { leave(slot, CloseReason(.shutdown)) }
        }
        writeDirty()
        state[].table.forEach { slot in
            if slot[].outbound == nil { slot[].flags.insert(.endsSoftly) }
            end(slot, CloseReason(.shutdown), isAbortive: true)
        }
    }

    /// Closes every connection but those that are not read from because their output is blocked: what they
    /// have received in the kernel is handled once it drains.
    private func closeUnpressed() {
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
        state[].shutdown.didClose(pressed: pressed)
    }
}
