internal import ZCNet
internal import ZCNetTesting
internal import ZCNetWebSocket

/// A group of links that come and go, each opening with a server's task of its own.
extension LinkHistory {
    /// Everybody in it: the server's tasks, and the group's openings, in their order.
    private final class Cast: Sendable {
        struct State {
            var random: SimulatedRandom
            var servers: [LinkParty] = []
            var openings: [LinkParty] = []
            /// The opening of each link that was told of, and not of its end.
            var open: [LinkID: LinkParty] = [:]
            /// The links that were removed: what came of them then was dropped.
            var removed: Set<LinkID> = []
            var complaints: [String] = []
            /// Openings that ended behind the server's close frame, and so with all that it had said.
            var whole: [LinkParty] = []
        }

        let state: Locked<State>
        /// Draws for the group's task.
        let dice: LinkParty

        let fault: LinkFault?

        init(_ random: inout SimulatedRandom, fault: LinkFault?) {
            self.fault = fault
            dice = LinkParty("g", seed: random.next(), fault: nil)
            state = Locked(State(random: SimulatedRandom(seed: random.next())))
        }

        func server() -> LinkParty {
            state.withLock { state in
                let party = LinkParty("s\(state.servers.count)", seed: state.random.next(), fault: fault)
                // Its task has begun: whoever waits for it must not overlook it.
                party.ledger.withLock { $0.hasBegun = true }
                state.servers.append(party)
                return party
            }
        }

        /// An event of the group's was told.
        func opened(_ id: LinkID) {
            state.withLock { state in
                let party = LinkParty("c\(state.openings.count)", seed: state.random.next(), fault: fault)
                if state.open.updateValue(party, forKey: id) != nil {
                    state.complaints.append("\(id) opened twice")
                }
                state.openings.append(party)
            }
        }

        func opening(_ id: LinkID) -> LinkParty? { state.withLock { $0.open[id] } }

        func came(_ id: LinkID, _ text: String, isText: Bool) {
            guard let party = opening(id) else {
                let complaint = "\(id) is not open, and got \(text.prefix(40))"
                return state.withLock { $0.complaints.append(complaint) }
            }
            party.take(text, isText: isText)
        }

        func ended(_ id: LinkID, _ cause: WebSocketInterruption?) {
            state.withLock { state in
                guard let party = state.open.removeValue(forKey: id), !state.removed.contains(id),
                    case .closed(let reason) = cause, reason.isClean, reason.cause == .peer
                else { return }
                state.whole.append(party)
            }
        }

        /// Openings and servers' tasks belong together by what they sent each other.
        func judge(_ fate: Fate) -> [String] {
            let state = state.withLock { $0 }
            var complaints = state.complaints
            var byName: [Substring: LinkParty] = [:]
            for party in state.servers + state.openings { byName[Substring(party.name)] = party }
            for party in state.servers + state.openings {
                let (peer, own) = party.ledger.withLock { ($0.peer, $0.complaints) }
                complaints += own
                guard let peer, let other = byName[peer] else { continue }
                let isShutDown = party.name.hasPrefix("s") ? fate.endsServer : fate.endsClient
                complaints += other.complaints(about: party, isShutDown: isShutDown)
                let back = other.ledger.withLock { $0.peer }
                if back ?? Substring(party.name) != party.name {
                    complaints.append("\(party.name) hears \(peer), which hears \(back ?? "")")
                }
            }
            for party in state.whole where !fate.endsClient {
                let (peer, received) = party.ledger.withLock { ($0.peer, $0.received) }
                guard let peer, let other = byName[peer] else { continue }
                let accepted = other.ledger.withLock { $0.accepted }
                if received != accepted {
                    complaints.append("\(party.name) ended behind \(accepted), and got \(received)")
                }
            }
            return complaints
        }
    }

    func playGroup() async throws -> Outcome {
        var random = SimulatedRandom(seed: seed)
        let weather = Weather(&random)
        let cast = Cast(&random, fault: fault)
        let pair = try LinkPair(
            seed: weather.networkSeed, faults: weather.faults, sending: weather.sending,
            isApart: weather.isApart, configure: Self.narrow
        ) { link, _ in try await Self.converse(link, cast.server()) }
        let client = pair.client
        let task = pair.task {
            try await client.withLinks { links in
                try await cast.dice.play { try await Self.lead(links, cast) }
            }
        }
        return try await play(
            pair, task, &random, servers: { cast.state.withLock { $0.servers } }
        ) { cast.judge($0) }
    }

    /// The network is random enough: delays that are drawn elsewhere would not be the seed's.
    private static var policy: ReconnectPolicy {
        var policy = ReconnectPolicy()
        (policy.initialDelay, policy.delayMax) = (.milliseconds(5), .milliseconds(40))
        policy.jitter = .none
        policy.attemptsMax = 3
        return policy
    }

    // MARK: What the group's task does

    private static func lead(_ links: LinkGroup, _ cast: Cast) async throws {
        for _ in 0...cast.dice.draw(4) { try links.add(LinkPair.url, policy: policy) }
        guard try await cast.dice.wander({ try await step(links, cast) }) else { return }
        while let event = try await links.next() { take(event, cast) }
    }

    /// One thing at random; false when no link is left.
    private static func step(_ links: LinkGroup, _ cast: Cast) async throws -> Bool {
        let dice = cast.dice
        switch dice.draw(9) {
        case 0, 1, 2:
            guard let event = try await links.next() else { return false }
            take(event, cast)
        case 3:
            var left = dice.draw(12) + 1
            try await links.forEach { event in
                take(event, cast)
                left -= 1
                return left == 0 ? .stop : .next
            }
            return left == 0
        case 4, 5:
            for id in links.links where dice.draw(2) == 0 {
                for _ in 0..<dice.draw(4) { trySend(links, id, cast) }
            }
        case 6:
            if let id = links.links.first { try await send(links, id, cast) }
        case 7:
            for _ in 0..<dice.draw(60) { await Task.yield() }
        default:
            if dice.draw(4) == 0, let id = links.links.last {
                cast.state.withLock { _ = $0.removed.insert(id) }
                links.remove(id)
            } else if links.links.count < 6 {
                try links.add(LinkPair.url, policy: policy)
            }
        }
        return true
    }

    private static func take(_ event: OwnedLinkEvent, _ cast: Cast) {
        switch event {
        case .opened(let id): cast.opened(id)
        case .message(let id, let message): cast.came(id, message.text, isText: message.isText)
        case .interrupted(let id, let cause, _): cast.ended(id, cause)
        case .closed(let id, let cause): cast.ended(id, cause)
        }
    }

    private static func take(_ event: LinkEvent, _ cast: Cast) {
        switch event {
        case .opened(let id): cast.opened(id)
        case .message(let id, let message): cast.came(id, message.text, isText: message.isText)
        case .interrupted(let id, let cause, _): cast.ended(id, cause)
        case .closed(let id, let cause): cast.ended(id, cause)
        }
    }

    private static func trySend(_ links: LinkGroup, _ id: LinkID, _ cast: Cast) {
        // Before its opening was told nobody knows whom the message goes to.
        guard let party = cast.opening(id) else { return }
        let (number, text) = party.make()
        party.tried(number, isAccepted: links.trySend(text, to: id).isAccepted)
    }

    private static func send(_ links: LinkGroup, _ id: LinkID, _ cast: Cast) async throws {
        guard let party = cast.opening(id) else { return }
        let (number, text) = party.make()
        do {
            try await links.send(OwnedMessage(text), to: id, within: .milliseconds(20))
            party.accepted(number)
        } catch is LinkError {}
    }
}
