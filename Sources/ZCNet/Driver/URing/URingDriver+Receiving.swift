internal import CZCNet
import ZCLibC

extension URingDriver {
    /// In bulk: below so many bytes a look is a small one, and after so many small ones the connection gets
    /// its standing request back.
    private static var bulkBytesMin: Int { 8 << 10 }
    private static var smallLooksMax: UInt8 { 16 }
    /// What makes a connection one of bulk: each reception of `bulkBytesMin` brings it two steps nearer to
    /// so many, and each smaller one takes it a step back. So a message that fills a buffer counts as a large
    /// one, even if its rest comes in a second.
    private static var bulkStreak: UInt8 { 4 }
    private static var incoming: UInt32 { ZC_EPOLLIN | ZC_EPOLLRDHUP | ZC_EPOLLET }

    package func attach(_ descriptor: Descriptor, token: Token) throws(SystemError) {
        // A connection of one's own was registered by `connect`.
        armReception(find(token) ?? register(descriptor, token))
    }

    /// Served as in bulk from the beginning. With a standing request the kernel receives from all of a crowd
    /// that says hello before anybody is asked, and the established wait for that, and for the cancellation
    /// of each.
    package func attachInTurns(_ descriptor: Descriptor, token: Token) throws(SystemError) {
        let record = find(token) ?? register(descriptor, token)
        record[].flags.insert(.bulk)
        armReception(record)
    }

    package func pauseReceiving(_ descriptor: Descriptor, token: Token) {
        guard let record = find(token) else { return }
        // A connection that is paused once will be again: the next pause is to cost nothing.
        record[].flags.insert([.bulk, .holds])
        record[].streak = 0
        if record[].flags.contains(.receives) { cancel(record, URingOperation.receive) }
    }

    package func resumeReceiving(_ descriptor: Descriptor, token: Token) {
        guard let record = find(token) else { return }
        record[].flags.remove(.holds)
        requestLook(record)
    }

    // MARK: Requests

    func userData(_ operation: UInt64, _ record: LoopOwned<URingRecord>) -> UInt64 {
        operation << 56 | record[].token.requestNumber
    }

    /// Has the kernel receive, or report readiness, whichever the connection is served by.
    func armReception(_ record: LoopOwned<URingRecord>) {
        let descriptor = record[].descriptor.rawValue
        record[].turn = state[].turn
        record[].flags.remove(.cancels)
        if record[].flags.contains(.bulk) {
            record[].flags.insert(.polls)
            let data = userData(URingOperation.ready, record)
            requestReadiness(descriptor, Self.incoming, repeats: true, data)
        } else {
            record[].flags.insert(.receives)
            let data = userData(URingOperation.receive, record)
            requestReception(descriptor, data)
        }
    }

    /// Ends a standing request; its last completion follows.
    func cancel(_ record: LoopOwned<URingRecord>, _ operation: UInt64) {
        if record[].flags.contains(.cancels) { return }
        record[].flags.insert(.cancels)
        cancel(userData(operation, record))
    }

    func cancel(_ target: UInt64) {
        // The completion, if there is one, names the same connection.
        let data = URingOperation.cancel << 56 | target & (1 << 56 - 1)
        requestCancellation(target, data)
    }

    /// The kernel did not find what it was to cancel. Mostly it was over, and then its last completion has
    /// been seen; but a request that is on its way from one of the kernel's lists to another is not found
    /// either, and would go on receiving.
    func cancelFailed(_ completion: zc_cqe) {
        guard let record = find(completion), record[].flags.contains(.cancels) else { return }
        record[].flags.remove(.cancels)
        if record[].flags.contains(.receives) { cancel(record, URingOperation.receive) }
        if record[].flags.contains(.polls) { cancel(record, URingOperation.ready) }
    }

    private func requestLook(_ record: LoopOwned<URingRecord>) {
        if record[].flags.contains(.again) { return }
        record[].flags.insert(.again)
        state[].again.append(record[].token)
    }

    // MARK: The standing request

    func receptionCompleted(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        let hasBuffer = completion.flags & ZC_URING_CQE_BUFFER != 0
        let buffer = Int(completion.flags >> ZC_URING_CQE_BUFFER_SHIFT)
        guard let record = find(completion) else {
            if hasBuffer { state[].buffers.giveBack(buffer) }
            return 0
        }
        let token = record[].token
        let hasEnded = completion.flags & ZC_URING_CQE_MORE == 0
        if hasEnded { record[].flags.remove([.receives, .cancels]) }
        if completion.result > 0 && hasBuffer {
            noteSize(record, Int(completion.result))
            deliver(token, buffer, Int(completion.result), into: sink)
        } else {
            if hasBuffer { state[].buffers.giveBack(buffer) }
            if !reportEnd(record, completion.result, into: sink) { return 0 }
        }
        // The callback may have closed the connection, and the record may have moved.
        if hasEnded, let record = find(token) { receptionEnded(record) }
        return 1
    }

    /// The standing request is over: another takes its place, unless nothing is to be received.
    private func receptionEnded(_ record: LoopOwned<URingRecord>) {
        if !record[].flags.isDisjoint(with: [.over, .receives, .polls]) { return }
        armReception(record)
        if record[].flags.contains(.bulk) { requestLook(record) }
    }

    /// Large receptions cost less by calls of one's own into memory that is in the cache: the kernel fills as
    /// many of its buffers as there are connections with bytes before the first of them is looked at.
    private func noteSize(_ record: LoopOwned<URingRecord>, _ count: Int) {
        if record[].flags.contains(.bulk) { return }
        guard count >= Self.bulkBytesMin else {
            if record[].streak > 0 { record[].streak -= 1 }
            return
        }
        record[].streak += 2
        if record[].streak < Self.bulkStreak { return }
        record[].streak = 0
        record[].flags.insert(.bulk)
        if record[].flags.contains(.receives) { cancel(record, URingOperation.receive) }
    }

    @inline(__always)
    private func deliver(_ token: Token, _ buffer: Int, _ count: Int, into sink: any CompletionSink) {
        // SAFETY: the buffer is given back behind the last use of the view.
        let chunk = unsafe state[].buffers.chunk(buffer, count: count)
        let index = token.index
        let hasHeld = !state[].held.isEmpty && state[].held[index] != nil
        let taken = hasHeld ? 0 : sink.received(token, chunk)
        if taken < count && find(token) != nil {
            state[].held[index, default: []].append(.bytes(chunk.retain(taken..<count)))
        }
        state[].buffers.giveBack(buffer)
    }

    /// Whether a completion without bytes was something to report: the end, or a failure.
    private func reportEnd(
        _ record: LoopOwned<URingRecord>, _ result: Int32, into sink: any CompletionSink
    ) -> Bool {
        let token = record[].token
        switch result {
        case -ENOBUFS:
            state[].starved.append(token)
            return false
        case -ECANCELED, -EINTR, -EAGAIN:
            receptionEnded(record)
            return false
        default:
            record[].flags.insert(.over)
            let index = token.index
            let end: URingHeld = result == 0 ? .end : .failure(Errno(rawValue: -result))
            let isHeld = state[].held[index] != nil || record[].flags.contains(.holds)
            if result < 0 && record[].flags.contains(.holds) {
                // A broken connection may never be resumed, and so is not held back.
                state[].held[index] = nil
            } else if isHeld {
                state[].held[index, default: []].append(end)
                return false
            }
            report(end, token, into: sink)
            return true
        }
    }

    private func report(_ end: URingHeld, _ token: Token, into sink: any CompletionSink) {
        switch end {
        case .bytes: break
        case .end: sink.ended(token)
        case .failure(let errno): sink.failed(token, errno: errno)
        }
    }

    /// Serves those whose request ended because no buffer was left: by now the callbacks have given back
    /// what they did not keep, and there are twice as many.
    func feedStarved() {
        if state[].starved.isEmpty { return }
        _ = state[].buffers.grow()
        state[].buffers.publish()
        for token in state[].starved {
            if let record = find(token) { receptionEnded(record) }
        }
        state[].starved.removeAll(keepingCapacity: true)
    }

    // MARK: In bulk

    func becameReady(_ completion: zc_cqe, into sink: any CompletionSink) -> Int {
        guard let record = find(completion) else { return 0 }
        let token = record[].token
        if completion.flags & ZC_URING_CQE_MORE == 0 { record[].flags.remove([.polls, .cancels]) }
        var completions = 0
        if completion.result > 0 {
            completions = look(record, UInt32(completion.result), into: sink)
        } else if completion.result != -ECANCELED && completion.result != 0 {
            record[].flags.insert(.over)
            sink.failed(token, errno: Errno(rawValue: -completion.result))
            completions = 1
        }
        guard let record = find(token), record[].flags.isDisjoint(with: [.polls, .receives, .over]) else {
            return completions
        }
        armReception(record)
        return completions
    }

    func lookAgain(into sink: any CompletionSink) -> Int {
        if state[].again.isEmpty { return 0 }
        swap(&state[].spare, &state[].again)
        var completions = 0
        // Why by index: an iterator retains the list.
        for position in 0..<state[].spare.count {
            guard let record = find(state[].spare[position]) else { continue }
            record[].flags.remove(.again)
            // Whether the end stands behind the bytes is not known here, so look until the kernel says there
            // is no more.
            completions += look(record, ZC_EPOLLRDHUP, into: sink)
        }
        state[].spare.removeAll(keepingCapacity: true)
        return completions
    }

    /// Receives by calls of its own, behind what was held back.
    private func look(
        _ record: LoopOwned<URingRecord>, _ events: UInt32, into sink: any CompletionSink
    ) -> Int {
        let token = record[].token
        var completions = 0
        if !state[].held.isEmpty, state[].held[record[].token.index] != nil {
            completions = deliverHeld(token, into: sink)
            guard state[].held[token.index] == nil else {
                return completions + reportBroken(token, events, into: sink)
            }
        }
        // Bytes of a standing request come first, by its last completion, which asks for a look.
        guard let record = find(token), record[].flags.isDisjoint(with: [.receives, .over]) else {
            return completions
        }
        let reception = KernelSocket.receive(token, events, into: sink)
        completions += reception.completions
        guard let record = find(token) else { return completions }
        if reception.isOver { record[].flags.insert(.over) }
        if reception.isMore { requestLook(record) }
        if reception.completions > 0 { noteSmallness(record, reception.bytes) }
        return completions
    }

    /// Reports that a connection is broken whose bytes are held back: it may never be resumed.
    private func reportBroken(_ token: Token, _ events: UInt32, into sink: any CompletionSink) -> Int {
        guard let record = find(token), record[].flags.contains(.holds), !record[].flags.contains(.over),
            KernelSocket.reportBroken(token, events, into: sink)
        else { return 0 }
        if let record = find(token) {
            record[].flags.insert(.over)
            state[].held[record[].token.index] = nil
        }
        return 1
    }

    private func noteSmallness(_ record: LoopOwned<URingRecord>, _ bytes: Int) {
        // Not beyond: while it is held back a connection cannot change, however many small looks there are.
        record[].streak = bytes < Self.bulkBytesMin ? min(record[].streak + 1, Self.smallLooksMax) : 0
        guard record[].streak == Self.smallLooksMax, record[].flags.isDisjoint(with: [.holds, .over, .again])
        else { return }
        record[].streak = 0
        record[].flags.remove(.bulk)
        if record[].flags.contains(.polls) { cancel(record, URingOperation.ready) }
    }

    private func deliverHeld(_ token: Token, into sink: any CompletionSink) -> Int {
        let index = token.index
        var completions = 0
        while let record = find(token), !record[].flags.contains(.holds), var held = state[].held[index] {
            guard let first = held.first else {
                state[].held[index] = nil
                break
            }
            completions += 1
            held.removeFirst()
            // While the sink is called the list is shorter by what it is shown.
            state[].held[index] = held
            guard case .bytes(let bytes) = first else {
                state[].held[index] = nil
                report(first, token, into: sink)
                break
            }
            let taken = sink.received(token, ReceivedChunk(bytes.bytes))
            if taken < bytes.count {
                state[].held[index]?.insert(.bytes(bytes.slice(taken..<bytes.count)), at: 0)
                break
            }
        }
        return completions
    }
}
