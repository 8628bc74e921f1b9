import ZCNet

/// What a response ends with that does not leave at once.
struct StreamRest {
    /// Whether the body goes in chunks, and not until the connection's end.
    let isChunked: Bool
    /// Whether the connection goes on behind it.
    let isKept: Bool
    /// Why it ends, if it does.
    let cause: CloseCause
}

/// Answers that are not in memory: files, and streams that a task makes.
extension HTTPEntry {
    /// Sends what follows the head of a response.
    func send(_ response: HTTPResponse, _ rest: StreamRest, _ peer: borrowing Connection<HTTPExchange>) {
        switch response.source?.content {
        case let file as FileBody: send(file, rest, peer)
        case let stream as StreamBody: begin(stream, rest, peer)
        default: goOn(peer, isKept: rest.isKept, cause: rest.cause)
        }
    }

    private func send(_ file: FileBody, _ rest: StreamRest, _ peer: borrowing Connection<HTTPExchange>) {
        do throws(SystemError) {
            try peer.send(file: file.file.descriptor, range: file.range)
        } catch {
            // The client was promised the file: only breaking off tells it that it does not get it.
            return peer.base.end(CloseReason(.overflow), isAbortive: true)
        }
        goOn(peer, isKept: rest.isKept, cause: rest.cause)
        if rest.isKept && peer.base.oweWritable() {
            peer.state.isSendingFile = true
            peer.state.isPressed = true
            peer.pauseReading()
        }
    }

    /// Has a task make the body. What the client sends meanwhile waits, and its end is seen.
    private func begin(_ stream: StreamBody, _ rest: StreamRest, _ peer: borrowing Connection<HTTPExchange>) {
        let exchange = peer.state
        let running = RunningAnswer(peer.base)
        if let text = stream.idleText {
            let bytes = Array(text.utf8)
            running.idleBytes = rest.isChunked ? HTTPBodyWriter.chunk(bytes) : bytes
        }
        exchange.running = running
        exchange.isWaiting = true
        arm(.stream, peer)
        // A task that answers has paused it.
        if !exchange.isPressed { peer.resumeReading() }
        let bound = LoopBound((entry: self, running: running))
        running.task = running.link.lane.begin(running.link) {
            var isWhole = true
            do {
                try await stream.write(HTTPBodyWriter(bound.value.running, isChunked: rest.isChunked))
            } catch {
                isWhole = false
            }
            bound.value.entry.didStream(bound.value.running, rest, isWhole: isWhole)
        }
    }

    private func didStream(_ running: RunningAnswer, _ rest: StreamRest, isWhole: Bool) {
        if running.link.isOver { return }
        running.link.base.withState { base, place in
            let peer = Connection<HTTPExchange>(base: base, place)
            let exchange = peer.state
            guard exchange.running === running, base.takesAnswers else { return }
            exchange.running = nil
            exchange.isWaiting = false
            running.link.connectionEnded()
            let isEnded = isWhole && (!rest.isChunked || peer.send("0\r\n\r\n").isAccepted)
            guard isEnded else { return base.end(CloseReason(.local), isAbortive: true) }
            goOn(peer, isKept: rest.isKept, cause: rest.cause)
            resume(peer)
        }
    }

    /// Looks after a stream: says something where nobody else does, and ends one whose client takes nothing.
    func watchStream(_ peer: borrowing Connection<HTTPExchange>) {
        let exchange = peer.state
        let patience = configuration.requests.keepAliveTimeout
        let (progress, now) = (peer.base.outputProgress, peer.base.turnBegan)
        if progress.outstanding == 0 {
            exchange.watch = OutputWatch(at: now)
            if let idle = exchange.running?.idleBytes { peer.send(idle.span) }
        }
        guard let next = exchange.watch.look(progress, at: now, patience: patience, limit: now + patience)
        else { return peer.base.end(CloseReason(.timeout(.idle)), isAbortive: true) }
        schedule(after: next, peer)
    }
}
