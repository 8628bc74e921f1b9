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
    let fault: LinkFault?

    /// - Parameters:
    ///   - kind: nil takes the seed's: of eight histories two are of TCP, and one of a group.
    ///   - fault: is planted in it; nil for none.
    package init(seed: UInt64, kind: Kind? = nil, fault: LinkFault? = nil) {
        self.seed = seed
        self.fault = fault
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
        /// Whether the two sides have groups of their own, so that one of them can be shut down.
        let isApart: Bool

        init(_ random: inout SimulatedRandom) {
            faults = [SimulatedFaults.none, .nasty, .nasty][Int(random.next() % 3)]
            isApart = random.next() % 2 == 0
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

    /// What came over it from outside, beside the cancellation of its task.
    struct Fate {
        /// Whose loops were shut down or stopped.
        var endsServer = false
        var endsClient = false
        var isStopped = false
        /// Whether the client's scope has returned without an error.
        var isClean = false
    }

    /// Plays on until all tasks have ended, and holds what they were told against each other.
    ///
    /// - Parameters:
    ///   - task: the client's.
    ///   - servers: the server's sides, once all have begun.
    ///   - judge: what is wrong with what they were told.
    func play<Server, Client>(
        _ site: LinkSite<Server, Client>, _ task: StartedTask, _ random: inout SimulatedRandom,
        servers: () -> [LinkParty], judge: (Fate) -> [String]
    ) async throws -> Outcome {
        var fate = Fate()
        try disturb(site, task, &random, &fate)
        func isOver() -> Bool {
            task.hasEnded && site.loops.allSatisfy { ($0.tenant == nil ? 0 : $0.lane.taskCount) == 0 }
        }
        // Two that wait for each other wait for ever, and longer than anything else takes.
        let latest = site.network.elapsed + .milliseconds(300)
        _ = try site.network.run(turnsMax: 2000) { isOver() || site.network.elapsed > latest }
        if !isOver() { task.cancel() }
        _ = try site.network.run(turnsMax: 50_000, until: isOver)
        var outcome = Outcome()
        for host in site.hosts { outcome.complaints += host.auditMemory() }
        site.network.stop()
        if fate.isStopped {
            await task.task.withLock { $0 }?.value
            for server in servers() { await server.over.wait() }
        }
        if !task.hasEnded { outcome.complaints.append("a task has not ended") }
        for party in servers() where party.ledger.withLock({ $0.end == nil }) {
            outcome.complaints.append("the task of \(party.name) never ended")
        }
        fate.isClean = site.log.all.contains("client done")
        outcome.complaints += judge(fate)
        outcome.digest = site.network.traceDigest.digest
        outcome.lines = site.log.all
        return outcome
    }

    /// Cancels, shuts down or breaks off at some moment.
    private func disturb<Server, Client>(
        _ site: LinkSite<Server, Client>, _ task: StartedTask, _ random: inout SimulatedRandom,
        _ fate: inout Fate
    ) throws {
        let moment = Duration.microseconds(Int64(random.next() % 60_000))
        let what = random.next() % 9
        if what > 6 { return }
        try site.network.run(for: moment)
        switch what {
        case 0, 1: task.cancel()
        case 2, 3:
            let grace = Duration.milliseconds(Int64(random.next() % 2000))
            let isTogether = site.group === site.clientGroup
            let isServer = random.next() % 2 == 0
            (fate.endsServer, fate.endsClient) = (isServer || isTogether, !isServer || isTogether)
            site.log.add("shutdown of the \(isTogether ? "two" : isServer ? "server" : "client")")
            (isServer ? site.group : site.clientGroup).shutdown(grace: grace)
        case 4:
            site.network.breakConnections()
            site.log.add("broken")
        case 5:
            // Over TCP nobody would ask a peer that is silent whether it is there.
            if kind == .tcp { return }
            site.network.silenceConnections()
            site.log.add("silent")
        default:
            (fate.endsServer, fate.endsClient, fate.isStopped) = (true, true, true)
            // Ahead of it: the loops' tasks go on elsewhere, and say what they say when they get to it.
            site.log.add("stopped")
            site.network.stop()
        }
    }

    /// Nothing lost, repeated, torn or out of order between two sides, and nothing missing where one was told
    /// of the end.
    func judge(_ server: LinkParty, _ client: LinkParty, _ fate: Fate) -> [String] {
        var complaints = server.ledger.withLock(\.complaints) + client.ledger.withLock(\.complaints)
        complaints += server.complaints(about: client, isShutDown: fate.endsClient)
        complaints += client.complaints(about: server, isShutDown: fate.endsServer, isClean: fate.isClean)
        if client.ledger.withLock({ $0.hasBegun && $0.end == nil }) {
            complaints.append("the client's body never ended")
        }
        return complaints
    }
}
