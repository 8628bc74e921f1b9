internal import ZCNet
internal import ZCNetTesting
internal import ZCNetWebSocket

/// One short life of a link and its peer, made up from a seed: both send, receive, wait, give up and go at
/// random, the network does its worst, tasks are cancelled and the loops end at any moment. What each side
/// was told is held against what the other one was.
package struct LinkHistory {
    let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// What a history came to: complaints, none of which there should be, and what two runs have to agree on.
    package struct Outcome: Equatable, Sendable {
        package var complaints: [String] = []
        var digest: UInt64 = 0
        package var lines: [String] = []
    }

    /// One side: what it was told of its messages, and what came. One thread in fact; a lock satisfies the
    /// compiler.
    final class Party: Sendable {
        struct Ledger {
            var random: SimulatedRandom
            var next = 0
            /// Messages that `send` has returned for, or `trySend` has accepted.
            var accepted: [Int] = []
            var received: [Int] = []
            var complaints: [String] = []
            /// Whether the peer's end was reached without an error.
            var hasReadAll = false
            var hasBegun = false
            /// Whether it has closed by itself: what came then was dropped.
            var hasClosed = false
            var end: String?
        }

        let name: String
        let ledger: Locked<Ledger>
        let over = TaskSignal()

        init(_ name: String, seed: UInt64) {
            self.name = name
            ledger = Locked(Ledger(random: SimulatedRandom(seed: seed)))
        }

        func draw(_ bound: Int) -> Int { ledger.withLock { Int($0.random.next() % UInt64(bound)) } }

        /// A message that nobody else sends: whose, which, and a length that follows from it.
        func make() -> (number: Int, text: String) {
            let number = ledger.withLock { ledger in
                defer { ledger.next += 1 }
                return ledger.next
            }
            let size = Self.sizes[draw(Self.sizes.count)]
            return (number, Self.text(of: name, number, size))
        }

        private static let sizes = [0, 5, 200, 3000, 20_000]
        /// Made once: a string that is put together character by character takes most of a history's time.
        private static let filling = String(repeating: "x", count: 20_000)

        private static func text(of name: some StringProtocol, _ number: Int, _ size: Int) -> String {
            "\(name) \(number) \(size) " + Substring(filling.utf8.prefix(size))
        }

        /// Takes a message, which has to be the other party's, whole.
        func take(_ text: String, isText: Bool) {
            let parts = Substring(text.utf8.prefix(32)).split(
                separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            ledger.withLock { ledger in
                guard parts.count == 4, parts[0] != name, isText, let number = Int(parts[1]),
                    let size = Int(parts[2]), Self.sizes.contains(size),
                    text == Self.text(of: parts[0], number, size)
                else {
                    ledger.complaints.append("\(name) got \(text.prefix(40))")
                    return
                }
                ledger.received.append(number)
            }
        }

        func accepted(_ number: Int) { ledger.withLock { $0.accepted.append(number) } }
    }

    /// Plays it. A loop that has ended leaves what is left of its tasks to other threads: those are waited
    /// for.
    package func run() async throws -> Outcome {
        let (pair, server, client, task) = try begin()
        var outcome = Outcome()
        let isOver = try await end(pair, server, task)
        if !isOver { outcome.complaints.append("a task has not ended") }
        outcome.complaints += judge(pair, server, client)
        outcome.digest = pair.network.traceDigest.digest
        outcome.lines = pair.log.all
        return outcome
    }

    private func begin() throws -> (LinkPair, Party, Party, LinkPair.Started) {
        var random = SimulatedRandom(seed: seed)
        var faults = [SimulatedFaults.none, .nasty, .nasty][Int(random.next() % 3)]
        let isSafe = random.next() % 2 == 0
        if isSafe { (faults.resets, faults.halfCloses) = (0, 0) }
        (faults.refusedConnects, faults.lostConnects, faults.abortedAccepts) = (0, 0, 0)
        let server = Party("s", seed: random.next())
        let client = Party("c", seed: random.next())
        let pair = try LinkPair(
            seed: random.next(), faults: faults, sending: random.next() % 2 == 0 ? .direct : .inFlight,
            configure: { options in
                options.connection.outboundHighWatermarkBytes = 20_000
                options.connection.outboundLowWatermarkBytes = 5_000
            }
        ) { link, _ in try await Self.play(link, server) }
        let network = pair.network
        let links = pair.client
        let task = pair.task {
            try await links.withLink(to: LinkPair.url) { try await Self.play($0, client) }
        }
        try disturb(pair, task, &random)
        func isOver() -> Bool {
            task.hasEnded && pair.group.loops.allSatisfy { ($0.tenant == nil ? 0 : $0.lane.taskCount) == 0 }
        }
        // Two that wait for each other wait for ever.
        if try !network.run(turnsMax: 2000, until: isOver) { task.cancel() }
        _ = try network.run(turnsMax: 50_000, until: isOver)
        server.ledger.withLock { ledger in
            for host in pair.group.hosts { ledger.complaints += host.auditMemory() }
        }
        network.stop()
        return (pair, server, client, task)
    }

    private func end(_ pair: LinkPair, _ server: Party, _ task: LinkPair.Started) async throws -> Bool {
        let isStopped = pair.log.all.contains("stopped")
        if !isStopped { return task.hasEnded }
        await task.task.withLock { $0 }?.value
        if server.ledger.withLock({ $0.hasBegun }) { await server.over.wait() }
        return task.hasEnded
    }

    /// Cancels, shuts down or breaks off at some moment.
    private func disturb(
        _ pair: LinkPair, _ task: LinkPair.Started, _ random: inout SimulatedRandom
    ) throws {
        let moment = Duration.microseconds(Int64(random.next() % 60_000))
        let what = random.next() % 6
        if what > 3 { return }
        try pair.network.run(for: moment)
        switch what {
        case 0, 1: task.cancel()
        case 2:
            pair.log.add("shutdown")
            pair.server.shutdown(grace: .milliseconds(Int64(random.next() % 2000)))
        default:
            pair.network.stop()
            pair.log.add("stopped")
        }
    }

    /// Nothing lost, repeated, torn or out of order; and nothing missing where both sides say that all is
    /// well.
    private func judge(_ pair: LinkPair, _ server: Party, _ client: Party) -> [String] {
        let (one, other) = (server.ledger.withLock { $0 }, client.ledger.withLock { $0 })
        var complaints = one.complaints + other.complaints
        for (from, to, name) in [(one, other, "server"), (other, one, "client")] {
            if !from.accepted.starts(with: to.received) {
                complaints.append("of the \(name): accepted \(from.accepted), received \(to.received)")
            }
        }
        // The client's scope has returned without an error: what it sent has arrived, and was all taken by a
        // server that read to the end.
        let isClean = pair.log.all == ["client done"]
        if isClean && one.hasReadAll && !one.hasClosed && one.received != other.accepted {
            complaints.append("clean, but of \(other.accepted) came \(one.received)")
        }
        if isClean && other.hasReadAll && !other.hasClosed && one.end == "returned"
            && other.received != one.accepted
        {
            complaints.append("clean, but of the server's \(one.accepted) came \(other.received)")
        }
        if one.hasBegun && one.end == nil { complaints.append("the server's task never ended") }
        if other.hasBegun && other.end == nil { complaints.append("the client's body never ended") }
        return complaints
    }

    // MARK: What a side does

    private static func play(_ link: WebSocketLink, _ party: Party) async throws {
        party.ledger.withLock { $0.hasBegun = true }
        do {
            try await steps(link, party)
            party.ledger.withLock { $0.end = "returned" }
            party.over.signal()
        } catch {
            party.ledger.withLock { $0.end = "\(error)" }
            party.over.signal()
            throw error
        }
    }

    private static func steps(_ link: WebSocketLink, _ party: Party) async throws {
        // Some go on for a while though they are cancelled.
        var patience = party.draw(4) == 0 ? 3 : 0
        for _ in 0..<(2 + party.draw(25)) {
            do {
                guard try await step(link, party) else { return }
            } catch is CancellationError {
                patience -= 1
                if patience < 0 { throw CancellationError() }
            }
        }
        if party.draw(3) == 0 { return }
        while let message = try await link.next() { party.take(message.text, isText: message.isText) }
        party.ledger.withLock { $0.hasReadAll = true }
    }

    /// One thing at random; false when nothing more will come.
    private static func step(_ link: WebSocketLink, _ party: Party) async throws -> Bool {
        switch party.draw(10) {
        case 0, 1: try await send(link, party)
        case 2:
            for _ in 0..<party.draw(20) { trySend(link, party) }
        case 3: return try await receive(link, party)
        case 4:
            let deadline = Duration.microseconds(party.draw(20_000))
            do {
                let message = try await link.next(within: deadline)
                guard let message else { return ended(party) }
                party.take(message.text, isText: message.isText)
            } catch let error as LinkError where error.code == .timedOut {}
        case 5:
            var left = party.draw(5) + 1
            try await link.forEach { message in
                party.take(message.text, isText: message.isText)
                left -= 1
                return left == 0 ? .stop : .next
            }
            if left > 0 { return ended(party) }
        case 6: try await link.pause(.microseconds(party.draw(30_000)))
        case 7: await Task.yield()
        case 8:
            try await link.both { link in
                _ = try await receive(link, party)
            } sending: { link in
                try await send(link, party)
            }
        default:
            if party.draw(12) == 0 {
                party.ledger.withLock { $0.hasClosed = true }
                link.close(.goingAway, reason: "enough")
            }
        }
        return true
    }

    private static func receive(_ link: WebSocketLink, _ party: Party) async throws -> Bool {
        let isThere = try await link.receive { message in
            party.take(message.text, isText: message.isText)
            return true
        }
        return isThere ?? ended(party)
    }

    private static func ended(_ party: Party) -> Bool {
        party.ledger.withLock { $0.hasReadAll = true }
        return false
    }

    private static func send(_ link: WebSocketLink, _ party: Party) async throws {
        let (number, text) = party.make()
        do {
            try await link.send(text, within: party.draw(2) == 0 ? .milliseconds(party.draw(50)) : nil)
            party.accepted(number)
        } catch let error as LinkError where error.code == .timedOut {}
    }

    private static func trySend(_ link: WebSocketLink, _ party: Party) {
        let (number, text) = party.make()
        if link.trySend(text).isAccepted { party.accepted(number) }
    }
}
