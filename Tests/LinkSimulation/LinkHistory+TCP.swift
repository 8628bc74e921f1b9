internal import ZCNet
internal import ZCNetTesting

/// A connection over TCP: messages are cut and joined as the network likes; whoever reads puts them together.
extension LinkHistory {
    func playTCP() async throws -> Outcome {
        var random = SimulatedRandom(seed: seed)
        let weather = Weather(&random)
        let server = LinkParty("s", seed: random.next(), fault: fault)
        let client = LinkParty("c", seed: random.next(), fault: fault)
        let pair = try TCPLinkPair(
            seed: weather.networkSeed, faults: weather.faults, sending: weather.sending,
            isApart: weather.isApart,
            configure: { limits in
                limits.outboundHighWatermarkBytes = 20_000
                limits.outboundLowWatermarkBytes = 5_000
            }
        ) { link, _ in try await Self.converse(link, server) }
        let links = pair.client
        let task = pair.task {
            try await links.withLink(to: TCPLinkPair.endpoint) { try await Self.converse($0, client) }
        }
        return try await play(
            pair, task, &random, servers: { server.ledger.withLock { $0.hasBegun } ? [server] : [] }
        ) { judge(server, client, $0) }
    }

    // MARK: What a side does

    private static func converse(_ link: TCPLink, _ party: LinkParty) async throws {
        try await party.play {
            guard try await party.wander({ try await step(link, party) }) else { return }
            while let bytes = try await link.next() { party.take(bytes) }
            _ = party.readAll()
        }
    }

    /// One thing at random; false when nothing more will come.
    private static func step(_ link: TCPLink, _ party: LinkParty) async throws -> Bool {
        switch party.draw(10) {
        case 0, 1: try await send(link, party)
        case 2:
            for _ in 0..<party.draw(20) { trySend(link, party) }
        case 3: return try await receive(link, party, atLeast: 1)
        case 4:
            let deadline = Duration.microseconds(party.draw(20_000))
            do {
                let bytes = try await link.next(within: deadline)
                guard let bytes else { return party.readAll() }
                party.take(bytes)
            } catch let error as LinkError where error.code == .timedOut { party.gaveUp() }
        case 5:
            // Whoever waits for more than comes is told of the end as of a loss.
            do {
                let bytes = try await link.next(exactly: 1 + party.draw(3000), within: .milliseconds(5))
                guard let bytes else { return party.readAll() }
                party.take(bytes)
            } catch let error as LinkError where error.code == .timedOut { party.gaveUp() }
        case 6: try await link.pause(.microseconds(party.draw(30_000)))
        case 7: await Task.yield()
        case 8:
            try await link.both { link in
                _ = try await receive(link, party, atLeast: 1)
            } sending: { link in
                try await send(link, party)
            }
        default:
            if party.draw(12) == 0 {
                party.ledger.withLock { $0.hasFinished = true }
                link.finishSending()
            } else {
                return try await receive(link, party, atLeast: 1 + party.draw(40))
            }
        }
        return true
    }

    private static func receive(
        _ link: TCPLink, _ party: LinkParty, atLeast least: Int
    ) async throws -> Bool {
        let bytes = try await link.receive(atLeast: least) { $0.retain() }
        guard let bytes else { return party.readAll() }
        party.take(bytes)
        return true
    }

    private static func send(_ link: TCPLink, _ party: LinkParty) async throws {
        let (number, bytes) = party.makeFrame()
        do {
            try await link.send(bytes, within: party.draw(2) == 0 ? .milliseconds(party.draw(50)) : nil)
            party.accepted(number)
        } catch let error as LinkError where error.code == .timedOut { party.gaveUp() }
    }

    private static func trySend(_ link: TCPLink, _ party: LinkParty) {
        let (number, bytes) = party.makeFrame()
        party.tried(number, isAccepted: link.trySend(bytes.bytes).isAccepted)
    }
}
