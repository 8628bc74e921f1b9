import ZCNet

/// The way of entries to the leaders of their channels, and of answers back: those to one node in one turn go
/// together.
extension ClusterNode {
    /// Sends a channel's next batch at the end of the turn, so that what comes in one turn makes up one
    /// record, and what many channels have for one node goes together.
    func sendSoon(_ channel: ChannelName) {
        state[].due.append(channel)
        workSoon()
    }

    private func workSoon() {
        if state[].willWork { return }
        state[].willWork = true
        engine.schedule(after: .zero) { [weak self] in
            guard let self else { return }
            state[].willWork = false
            let due = state[].due
            state[].due = []
            for channel in due { send(channel) }
            let posts = state[].posts
            state[].posts = [:]
            for name in posts.keys.sorted() { post(posts[name] ?? [], to: name) }
        }
    }

    /// Sends a channel's next batch, where none is under way.
    func send(_ channel: ChannelName) {
        guard var outbox = state[].outboxes.removeValue(forKey: channel) else { return }
        state[].lastBatch += 1
        let entries = outbox.begin(state[].lastBatch, bytesMax: entryBytesMax)
        if !outbox.isIdle { state[].outboxes[channel] = outbox }
        if entries.isEmpty { return }
        let leader = keeper.leader(of: channel.slot)
        let post = Post(
            channel: channel, attempt: outbox.attempt, entries: entries, leader: leader ?? keeper.me)
        if keeper.term(of: channel.slot) != nil {
            lead(channel, entries) { [self] outcomes in finish(post, outcomes) }
        } else if let leader, leader != keeper.me {
            state[].posts[leader.name, default: []].append(post)
            workSoon()
        } else {
            refuse(post, ClusterError(.notLeader, expected: "a leader of slot \(channel.slot)", got: "none"))
        }
    }

    /// A batch is answered, by this node's own log or another node.
    ///
    /// - Parameter isAtOnce: whether what has to be tried again need not wait, as somebody else is asked.
    private func finish(_ post: Post, _ outcomes: [NodeMessage.Outcome], isAtOnce: Bool = false) {
        guard var outbox = state[].outboxes[post.channel], outbox.attempt == post.attempt,
            outbox.flight.count == outcomes.count
        else { return }
        let told = outbox.finish(outcomes, at: engine.now)
        state[].outboxes[post.channel] = outbox.isIdle ? nil : outbox
        for (waiting, _) in told { state[].waitingBytes -= waiting.entry.weight }
        if outbox.failures == 0 || isAtOnce {
            // Before anybody is told, who may come back with more.
            send(post.channel)
        } else {
            let delay = options.channel.retryDelay * (1 << min(outbox.failures - 1, 4))
            engine.schedule(after: delay) { [weak self] in self?.send(post.channel) }
        }
        for (waiting, outcome) in told { waiting.answer(outcome) }
    }

    private func refuse(_ post: Post, _ error: ClusterError, isAtOnce: Bool = false) {
        let outcomes = Array(repeating: NodeMessage.Outcome.failure(error), count: post.entries.count)
        finish(post, outcomes, isAtOnce: isAtOnce)
    }

    // MARK: To other nodes

    private func post(_ posts: [Post], to name: String) {
        var (rest, bytes): ([Post], Int) = ([], 0)
        for post in posts {
            let weight = post.entries.reduce(0) { $0 + $1.weight + 2 + ChannelName.bytesMax }
            if !rest.isEmpty && bytes + weight > engine.bytesMax - 1024 {
                request(rest, of: name)
                (rest, bytes) = ([], 0)
            }
            rest.append(post)
            bytes += weight
        }
        if !rest.isEmpty { request(rest, of: name) }
    }

    private func request(_ posts: [Post], of name: String) {
        state[].lastRequest += 1
        let number = state[].lastRequest
        let entries = posts.flatMap { post in
            post.entries.map { NodeMessage.Forwarded(channel: post.channel, entry: $0) }
        }
        do throws(ClusterError) {
            let id = BatchIdentity(producer: keeper.me.incarnation, number: number)
            let bytes = try NodeMessage.request(sender: options.name, id, entries)
                .encoded(bytesMax: engine.bytesMax)
            state[].requests[number] = Request(posts: posts, deadline: engine.now + options.forwardTimeout)
            engine.publish(bytes, to: .node(name))
        } catch {
            for post in posts { refuse(post, error) }
        }
    }

    /// Has what was not answered in time asked for again. It may be stored: its identity says so.
    func giveUpLate() {
        let now = engine.now
        let late = state[].requests.filter { now >= $0.value.deadline }.sorted { $0.key < $1.key }
        let error = ClusterError(
            .unknown, expected: "an answer within \(options.forwardTimeout)", got: "none")
        for (number, request) in late {
            state[].requests[number] = nil
            for post in request.posts { refuse(post, error) }
        }
    }

    /// A slot is led by another: what its former leader was asked goes to the new one without waiting for an
    /// answer, as the former one may be dead. What it has stored all the same is known by its identity; what
    /// it answers is of an attempt that is over.
    func leadChanged(of slot: Int) {
        let leader = keeper.leader(of: slot)
        let error = ClusterError(.unknown, expected: "an answer of the leader", got: "another leader")
        for (_, request) in state[].requests.sorted(by: { $0.key < $1.key }) {
            for post in request.posts where post.channel.slot == slot && post.leader != leader {
                refuse(post, error, isAtOnce: true)
            }
        }
    }

    // MARK: From other nodes

    /// A message from another node.
    func heard(_ bytes: SharedBytes) {
        if state[].isEnded { return }
        do throws(ClusterError) {
            switch try NodeMessage(bytes) {
            case .request(let sender, let id, let entries):
                serve(sender, id, entries, byteCount: bytes.count)
            case .answer(let id, let outcomes):
                answered(id, outcomes)
            case .stored, .notice, .passing:
                throw ClusterError(.corrupt, expected: "a request or an answer", got: "something else")
            }
        } catch {
            onEvent(.ignored(error))
        }
    }

    private func answered(_ id: BatchIdentity, _ outcomes: [NodeMessage.Outcome]) {
        // One that comes too late, twice, or to an earlier life of this node's is nobody's any more.
        guard id.producer == keeper.me.incarnation,
            let request = state[].requests.removeValue(forKey: id.number)
        else { return }
        guard outcomes.count == request.posts.reduce(0, { $0 + $1.entries.count }) else {
            let error = ClusterError(
                .unknown, expected: "an answer for each entry", got: "\(outcomes.count)")
            for post in request.posts { refuse(post, error) }
            return
        }
        var rest = outcomes[...]
        for post in request.posts {
            finish(post, Array(rest.prefix(post.entries.count)))
            rest = rest.dropFirst(post.entries.count)
        }
    }

    /// Stores what another node has forwarded, and answers all of it together.
    private func serve(
        _ sender: String, _ id: BatchIdentity, _ entries: [NodeMessage.Forwarded], byteCount: Int
    ) {
        guard byteCount <= options.waitingBytesMax - state[].forwardedBytes else {
            let error = ClusterError(
                .unavailable, expected: "at most \(options.waitingBytesMax) forwarded bytes",
                got: "\(byteCount) more")
            return reply(sender, id, Array(repeating: .failure(error), count: entries.count))
        }
        state[].forwardedBytes += byteCount
        lead(entries) { [self] outcomes in
            state[].forwardedBytes -= byteCount
            reply(sender, id, outcomes)
        }
    }

    private func reply(_ name: String, _ id: BatchIdentity, _ outcomes: [NodeMessage.Outcome]) {
        do throws(ClusterError) {
            let answer = NodeMessage.answer(id, outcomes)
            engine.publish(try answer.encoded(bytesMax: engine.bytesMax), to: .node(name))
        } catch {
            // The sender asks again.
            onEvent(.ignored(error))
        }
    }
}
