import ZCNet

/// What a node does for the channels that it leads.
extension ClusterNode {
    /// Outcomes of a row of entries, which come one by one.
    private final class Gathering: Sendable {
        private struct State: ~Copyable {
            var outcomes: [NodeMessage.Outcome?]
            var missing: Int
        }

        private let state: OwnedCell<State>
        private let done: @Sendable ([NodeMessage.Outcome]) -> Void

        init(_ count: Int, _ done: @escaping @Sendable ([NodeMessage.Outcome]) -> Void) {
            state = OwnedCell(State(outcomes: Array(repeating: nil, count: count), missing: count))
            self.done = done
            if count == 0 { done([]) }
        }

        func take(_ outcome: NodeMessage.Outcome, at index: Int) {
            guard state[].outcomes[index] == nil else { return }
            state[].outcomes[index] = outcome
            state[].missing -= 1
            if state[].missing == 0 { done(state[].outcomes.compactMap(\.self)) }
        }
    }

    /// Stores entries of one channel; `done` comes once, with an outcome for each.
    func lead(
        _ channel: ChannelName, _ entries: [ChannelEntry],
        done: @escaping @Sendable ([NodeMessage.Outcome]) -> Void
    ) {
        let gathering = Gathering(entries.count, done)
        lead(
            channel,
            entries.enumerated().map { index, entry in
                (entry, { gathering.take($0, at: index) })
            })
    }

    private func lead(_ channel: ChannelName, _ row: [(entry: ChannelEntry, answer: ChannelLog.Answer)]) {
        do throws(ClusterError) {
            try log(of: channel).append(row)
        } catch {
            for (_, answer) in row { answer(.failure(error)) }
        }
    }

    /// Stores entries of several channels; `done` comes once, with an outcome for each.
    func lead(
        _ entries: [NodeMessage.Forwarded], done: @escaping @Sendable ([NodeMessage.Outcome]) -> Void
    ) {
        let gathering = Gathering(entries.count, done)
        // Those of a channel as a row: they come side by side.
        var row: [(entry: ChannelEntry, answer: ChannelLog.Answer)] = []
        for (index, forwarded) in entries.enumerated() {
            row.append((forwarded.entry, { gathering.take($0, at: index) }))
            if index + 1 < entries.count && entries[index + 1].channel == forwarded.channel { continue }
            lead(forwarded.channel, row)
            row = []
        }
    }

    /// The log of a channel that this node leads.
    private func log(of channel: ChannelName) throws(ClusterError) -> ChannelLog {
        guard keeper.term(of: channel.slot) != nil else {
            throw ClusterError(
                .notLeader, expected: "the leader of slot \(channel.slot)", got: "another node")
        }
        if let error = state[].broken[channel] { throw error }
        if let log = state[].logs[channel] { return log }
        guard state[].logs.count < options.channelsMax else {
            throw ClusterError(
                .unavailable, expected: "at most \(options.channelsMax) channels at a time", got: "one more")
        }
        let slot = channel.slot
        let owner = ChannelLog.Owner(
            term: { [weak self] in self?.keeper.term(of: slot) },
            author: { [weak self] in self?.nextAuthor() ?? BatchIdentity(producer: 0, number: 0) },
            stored: { [weak self] channel, record, place, bytes in
                self?.tell(channel, .stored(place: place, record: bytes))
            },
            opened: { [weak self] channel, next in self?.tell(channel, .notice(next: next)) },
            broken: { [weak self] channel, error in
                guard let self else { return }
                state[].broken[channel] = error
                onEvent(.broken(channel, error))
            })
        let log = ChannelLog(channel, engine, options.channel, owner: owner)
        state[].logs[channel] = log
        return log
    }

    private func nextAuthor() -> BatchIdentity {
        state[].lastRecord += 1
        return BatchIdentity(producer: keeper.me.incarnation, number: state[].lastRecord)
    }

    /// Tells whoever listens to a channel.
    private func tell(_ channel: ChannelName, _ message: NodeMessage) {
        do throws(ClusterError) {
            engine.publish(try message.encoded(bytesMax: engine.bytesMax), to: .channel(channel))
        } catch {
            onEvent(.ignored(error))
        }
    }
}
