import ZCNet

/// Reading the chain: to open it, and to find out what others have appended.
extension ChannelLog {
    /// Finds the end of the chain, from the newest record and the digest that it names.
    func open() {
        state[].isBusy = true
        ChannelReader(engine, channel).newestValid { [self] result in
            switch result {
            case .failure(let error): halted(error)
            case .success(nil):
                state[].chain = ChannelChain()
                resumed()
            case .success((let record, let place)?):
                // The record itself where it has a digest, or the one that has its.
                let start = record.digestPlace == 0 ? place : record.digestPlace
                replay(nil, from: start, start: start)
            }
        }
    }

    private func replay(_ chain: ChannelChain?, from place: UInt64, start: UInt64) {
        engine.read(channel, from: place, limit: ChannelReader.limit) { [self] result in
            do throws(ClusterError) {
                let records = try result.get()
                var chain = chain
                for found in records {
                    let record = try ChannelRecord(found.bytes, of: channel)
                    if chain == nil {
                        guard found.place == start, record.digestPlace == 0 else {
                            throw ClusterError(
                                .recordsLost, expected: "a digest at place \(start)", got: "none there")
                        }
                        chain = ChannelChain(before: record)
                    }
                    _ = try chain?.apply(record, at: found.place)
                }
                guard let last = records.last, let read = chain else {
                    guard let chain else {
                        throw ClusterError(
                            .recordsLost, expected: "a record at place \(start)", got: "none")
                    }
                    state[].chain = chain
                    owner.opened(channel, chain.next)
                    return resumed()
                }
                replay(read, from: last.place + 1, start: start)
            } catch {
                halted(error)
            }
        }
    }

    /// Reads what was appended since the chain was looked at, and so learns what became of the record that is
    /// under way.
    func catchUp() {
        guard let seen = state[].chain?.seen else { return }
        state[].isBusy = true
        engine.read(channel, from: seen + 1, limit: ChannelReader.limit) { [self] result in
            do throws(ClusterError) {
                let records = try result.get()
                if records.isEmpty { return caughtUp() }
                for found in records { try take(found) }
                state[].isBusy = false
                guard let writing = state[].writing, let chain = state[].chain else { return pump() }
                // Another record took the place that it named; or all that came is void, and there may be
                // more.
                if chain.tail != writing.record.behind { rewrite() } else { catchUp() }
            } catch {
                halted(error)
            }
        }
    }

    private func take(_ found: LogRecord) throws(ClusterError) {
        let record = try ChannelRecord(found.bytes, of: channel)
        let link = try state[].chain?.apply(record, at: found.place)
        guard let writing = state[].writing, record.author == writing.record.author, link == .valid
        else { return }
        finished(writing, at: found.place)
    }

    /// Nothing newer is there, though the engine said so, or took a record: it may be that all of it is void
    /// and was looked at, that what was read is a moment old, or that the log has lost what it had.
    private func caughtUp() {
        engine.newest(of: channel) { [self] result in
            state[].isBusy = false
            guard let chain = state[].chain else { return pump() }
            switch result {
            case .failure(let error): again(error)
            case .success(let newest):
                let place = newest?.place ?? 0
                if place < chain.seen {
                    return halted(
                        ClusterError(
                            .recordsLost, expected: "a record at place \(chain.seen)", got: "\(place)"))
                }
                again(ClusterError(.unavailable, expected: "a record behind \(chain.seen)", got: "none yet"))
            }
        }
    }

    private func resumed() {
        state[].isBusy = false
        state[].retries = 0
        pump()
    }

    private func halted(_ error: ClusterError) {
        state[].isBusy = false
        // A server that has just become the stream's leader may not know all of it yet.
        let deadline = state[].writing?.deadline ?? state[].queue.first?.deadline ?? engine.now
        let mayPass = error.code == .recordsLost && engine.now < deadline
        if error.isTemporary || error.code == .conflict || mayPass { again(error) } else { fail(error) }
    }
}
