internal import ZCNet
internal import ZCNetTesting

/// One short life of a link and its peer, made up from a seed: both send, receive, wait, give up and go at
/// random, the network does its worst, tasks are cancelled and the loops end at any moment. What each side
/// was told is held against what the other one was.
package struct LinkHistory {
    /// What lives.
    package enum Kind: CaseIterable, Sendable {
        /// A conversation over WebSocket.
        case webSocket
        /// A connection over TCP, whose messages are bytes.
        case tcp
        /// A group of links over WebSocket, which come back.
        case group
    }

    let seed: UInt64
    let kind: Kind

    /// - Parameter kind: nil takes the seed's: of eight histories two are of TCP, and one of a group.
    package init(seed: UInt64, kind: Kind? = nil) {
        self.seed = seed
        let kinds: [Kind] = [.webSocket, .webSocket, .tcp, .webSocket, .group, .webSocket, .webSocket, .tcp]
        self.kind = kind ?? kinds[Int(seed % 8)]
    }

    /// What a history came to: complaints, none of which there should be, and what two runs have to agree on.
    package struct Outcome: Equatable, Sendable {
        package var complaints: [String] = []
        var digest: UInt64 = 0
        package var lines: [String] = []
    }

    /// What the network does to it.
    struct Weather {
        var faults: SimulatedFaults
        let sending: SimulatedSending
        let networkSeed: UInt64

        init(_ random: inout SimulatedRandom) {
            faults = [SimulatedFaults.none, .nasty, .nasty][Int(random.next() % 3)]
            let isSafe = random.next() % 2 == 0
            if isSafe { (faults.resets, faults.halfCloses) = (0, 0) }
            (faults.refusedConnects, faults.lostConnects, faults.abortedAccepts) = (0, 0, 0)
            networkSeed = random.next()
            sending = random.next() % 2 == 0 ? .direct : .inFlight
        }
    }

    /// Plays it. A loop that has ended leaves what is left of its tasks to other threads: those are waited
    /// for.
    package func run() async throws -> Outcome {
        switch kind {
        case .webSocket: try await playWebSocket()
        case .tcp: try await playTCP()
        case .group: try await playGroup()
        }
    }

    /// Plays on until all tasks have ended, and holds what they were told against each other.
    ///
    /// - Parameters:
    ///   - task: the client's.
    ///   - shutdown: shuts the server down within a grace.
    ///   - servers: the server's sides, once all have begun.
    ///   - judge: what is wrong with what they were told.
    func play<Server, Client>(
        _ site: LinkSite<Server, Client>, _ task: StartedTask, _ random: inout SimulatedRandom,
        shutdown: (Duration) -> Void, servers: () -> [LinkParty], judge: () -> [String]
    ) async throws -> Outcome {
        try disturb(site, task, &random, shutdown)
        func isOver() -> Bool {
            task.hasEnded && site.group.loops.allSatisfy { ($0.tenant == nil ? 0 : $0.lane.taskCount) == 0 }
        }
        // Two that wait for each other wait for ever.
        if try !site.network.run(turnsMax: 2000, until: isOver) { task.cancel() }
        _ = try site.network.run(turnsMax: 50_000, until: isOver)
        var outcome = Outcome()
        for host in site.group.hosts { outcome.complaints += host.auditMemory() }
        site.network.stop()
        if site.log.all.contains("stopped") {
            await task.task.withLock { $0 }?.value
            for server in servers() { await server.over.wait() }
        }
        if !task.hasEnded { outcome.complaints.append("a task has not ended") }
        for party in servers() where party.ledger.withLock({ $0.end == nil }) {
            outcome.complaints.append("the task of \(party.name) never ended")
        }
        outcome.complaints += judge()
        outcome.digest = site.network.traceDigest.digest
        outcome.lines = site.log.all
        return outcome
    }

    /// Cancels, shuts down or breaks off at some moment.
    private func disturb<Server, Client>(
        _ site: LinkSite<Server, Client>, _ task: StartedTask, _ random: inout SimulatedRandom,
        _ shutdown: (Duration) -> Void
    ) throws {
        let moment = Duration.microseconds(Int64(random.next() % 60_000))
        let what = random.next() % 6
        if what > 3 { return }
        try site.network.run(for: moment)
        switch what {
        case 0, 1: task.cancel()
        case 2:
            site.log.add("shutdown")
            shutdown(.milliseconds(Int64(random.next() % 2000)))
        default:
            site.network.stop()
            site.log.add("stopped")
        }
    }

    /// Nothing lost, repeated, torn or out of order between two sides; and nothing missing where both say
    /// that all is well.
    ///
    /// - Parameter isClean: whether the client's scope has returned without an error: what it sent has
    ///   arrived, and was all taken by a server that read to the end.
    func judge(_ server: LinkParty, _ client: LinkParty, isClean: Bool) -> [String] {
        let (one, other) = (server.ledger.withLock { $0 }, client.ledger.withLock { $0 })
        var complaints = one.complaints + other.complaints
        complaints += server.complaints(about: client) + client.complaints(about: server)
        if isClean && one.hasReadAll && !one.hasClosed && one.received != other.accepted {
            complaints.append("clean, but of \(other.accepted) came \(one.received)")
        }
        if isClean && other.hasReadAll && !other.hasClosed && one.end == "returned"
            && other.received != one.accepted
        {
            complaints.append("clean, but of the server's \(one.accepted) came \(other.received)")
        }
        if other.hasBegun && other.end == nil { complaints.append("the client's body never ended") }
        return complaints
    }
}
